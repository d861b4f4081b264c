/** Every table of the database, for drizzle-kit to make migrations from. */

export { loginAttemptsTable } from '#authorization/login-attempt.table.ts';
export { accountHoldersTable, accountsTable } from '#bank/account.table.ts';
export { customersTable } from '#bank/customer.table.ts';
export { journalsTable } from '#bank/journal.table.ts';
export { tenantsTable } from '#bank/tenant.table.ts';
export { transactionsTable } from '#bank/transaction.table.ts';
export { apiKeysTable } from '#clients/api-key.table.ts';
export { clientsTable } from '#clients/client.table.ts';
export { distrustedDirectoriesTable } from '#clients/distrusted-directory.table.ts';
export { organisationsTable } from '#clients/organisation.table.ts';
export { organisationClientsTable } from '#clients/organisation-client.table.ts';
export { consentsTable } from '#consents/consent.table.ts';
export { paymentConsentEndsTable } from '#consents/consent-end.table.ts';
export { developersTable } from '#developers/developer.table.ts';
export { developerDeedsTable } from '#developers/developer-deed.table.ts';
export { membershipsTable } from '#developers/membership.table.ts';
export { developerSessionsTable } from '#developers/session.table.ts';
export { developerTokensTable } from '#developers/token.table.ts';
export { figureDaysTable, figureMinutesTable } from '#edge/figures.table.ts';
export { outboxTable } from '#edge/outbox.table.ts';
export { fundsConfirmationsTable } from '#funds/funds-confirmation.table.ts';
export { operatorActionsTable } from '#operator/operator-action.table.ts';
export { operatorKeysTable } from '#operator/operator-key.table.ts';
export { idempotencyKeysTable } from '#payments/idempotency.table.ts';
export { paymentsTable } from '#payments/payment.table.ts';
export { paymentEventsTable } from '#payments/payment-event.table.ts';
