/**
 * Every table of the database with its keys and indexes, for drizzle-kit to make migrations from. The Worker asks for
 * neither, and is spared them: there a table is its columns alone.
 */
import { accessSessionsIndexes, accessSessionsTable } from '#access/session.table.ts';
import { loginAttemptsIndexes, loginAttemptsTable } from '#authorization/login-attempt.table.ts';
import {
  accountHoldersIndexes,
  accountHoldersTable,
  accountsIndexes,
  accountsTable,
} from '#bank/account.table.ts';
import { customersIndexes, customersTable } from '#bank/customer.table.ts';
import { journalsIndexes, journalsTable } from '#bank/journal.table.ts';
import { tenantsIndexes, tenantsTable } from '#bank/tenant.table.ts';
import { transactionsIndexes, transactionsTable } from '#bank/transaction.table.ts';
import { apiKeysIndexes, apiKeysTable } from '#clients/api-key.table.ts';
import { clientsIndexes, clientsTable } from '#clients/client.table.ts';
import { distrustedDirectoriesTable } from '#clients/distrusted-directory.table.ts';
import { organisationsIndexes, organisationsTable } from '#clients/organisation.table.ts';
import { organisationClientsIndexes, organisationClientsTable } from '#clients/organisation-client.table.ts';
import { consentsIndexes, consentsTable } from '#consents/consent.table.ts';
import { paymentConsentEndsTable } from '#consents/consent-end.table.ts';
import { identityGrantsIndexes, identityGrantsTable } from '#consents/identity-grant.table.ts';
import { developersTable } from '#developers/developer.table.ts';
import { developerDeedsIndexes, developerDeedsTable } from '#developers/developer-deed.table.ts';
import { membershipsIndexes, membershipsTable } from '#developers/membership.table.ts';
import { developerPasskeysIndexes, developerPasskeysTable } from '#developers/passkey.table.ts';
import { developerSessionsIndexes, developerSessionsTable } from '#developers/session.table.ts';
import { developerTokensIndexes, developerTokensTable } from '#developers/token.table.ts';
import {
  figureDaysIndexes,
  figureDaysTable,
  figureMinutesIndexes,
  figureMinutesTable,
} from '#edge/figures.table.ts';
import { withIndexes } from '#edge/indexed.table.ts';
import { outboxIndexes, outboxTable } from '#edge/outbox.table.ts';
import { fundsConfirmationsIndexes, fundsConfirmationsTable } from '#funds/funds-confirmation.table.ts';
import { operatorActionsIndexes, operatorActionsTable } from '#operator/operator-action.table.ts';
import { operatorKeysIndexes, operatorKeysTable } from '#operator/operator-key.table.ts';
import { idempotencyKeysIndexes, idempotencyKeysTable } from '#payments/idempotency.table.ts';
import { paymentsIndexes, paymentsTable } from '#payments/payment.table.ts';
import { paymentEventsIndexes, paymentEventsTable } from '#payments/payment-event.table.ts';
import { applicationDraftsIndexes, applicationDraftsTable } from '#portal/application-draft.table.ts';
import { localMessagesIndexes, localMessagesTable } from '#sandbox/local-message.table.ts';
import {
  requestLogIndexes,
  requestLogSizesIndexes,
  requestLogSizesTable,
  requestLogTable,
  requestMessagesTable,
} from '#traffic/request-log.table.ts';
import {
  usageHoursIndexes,
  usageHoursTable,
  usageMinutesIndexes,
  usageMinutesTable,
  usagePeaksIndexes,
  usagePeaksTable,
} from '#traffic/usage.table.ts';

export const accessSessions = withIndexes(accessSessionsTable, accessSessionsIndexes);
export const loginAttempts = withIndexes(loginAttemptsTable, loginAttemptsIndexes);
export const accountHolders = withIndexes(accountHoldersTable, accountHoldersIndexes);
export const accounts = withIndexes(accountsTable, accountsIndexes);
export const customers = withIndexes(customersTable, customersIndexes);
export const journals = withIndexes(journalsTable, journalsIndexes);
export const tenants = withIndexes(tenantsTable, tenantsIndexes);
export const transactions = withIndexes(transactionsTable, transactionsIndexes);
export const apiKeys = withIndexes(apiKeysTable, apiKeysIndexes);
export const clients = withIndexes(clientsTable, clientsIndexes);
export const distrustedDirectories = distrustedDirectoriesTable;
export const organisations = withIndexes(organisationsTable, organisationsIndexes);
export const organisationClients = withIndexes(organisationClientsTable, organisationClientsIndexes);
export const consents = withIndexes(consentsTable, consentsIndexes);
export const paymentConsentEnds = paymentConsentEndsTable;
export const identityGrants = withIndexes(identityGrantsTable, identityGrantsIndexes);
export const developers = developersTable;
export const developerDeeds = withIndexes(developerDeedsTable, developerDeedsIndexes);
export const memberships = withIndexes(membershipsTable, membershipsIndexes);
export const developerPasskeys = withIndexes(developerPasskeysTable, developerPasskeysIndexes);
export const developerSessions = withIndexes(developerSessionsTable, developerSessionsIndexes);
export const developerTokens = withIndexes(developerTokensTable, developerTokensIndexes);
export const figureDays = withIndexes(figureDaysTable, figureDaysIndexes);
export const figureMinutes = withIndexes(figureMinutesTable, figureMinutesIndexes);
export const outbox = withIndexes(outboxTable, outboxIndexes);
export const fundsConfirmations = withIndexes(fundsConfirmationsTable, fundsConfirmationsIndexes);
export const operatorActions = withIndexes(operatorActionsTable, operatorActionsIndexes);
export const operatorKeys = withIndexes(operatorKeysTable, operatorKeysIndexes);
export const idempotencyKeys = withIndexes(idempotencyKeysTable, idempotencyKeysIndexes);
export const payments = withIndexes(paymentsTable, paymentsIndexes);
export const paymentEvents = withIndexes(paymentEventsTable, paymentEventsIndexes);
export const applicationDrafts = withIndexes(applicationDraftsTable, applicationDraftsIndexes);
export const localMessages = withIndexes(localMessagesTable, localMessagesIndexes);
export const requestLogSizes = withIndexes(requestLogSizesTable, requestLogSizesIndexes);
export const requestLog = withIndexes(requestLogTable, requestLogIndexes);
export const requestMessages = requestMessagesTable;
export const usageHours = withIndexes(usageHoursTable, usageHoursIndexes);
export const usageMinutes = withIndexes(usageMinutesTable, usageMinutesIndexes);
export const usagePeaks = withIndexes(usagePeaksTable, usagePeaksIndexes);
