CREATE TABLE `funds_confirmations` (
	`tenant_id` text NOT NULL,
	`consent_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`funds_confirmation_id` text NOT NULL,
	`reference` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`currency` text NOT NULL,
	`funds_available` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `consent_id`, `created_at`, `funds_confirmation_id`)
) STRICT;
--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`client_id` text NOT NULL,
	`route` text NOT NULL,
	`key_digest` text NOT NULL,
	`consent_id` text NOT NULL,
	`body_digest` text NOT NULL,
	`payment_id` text NOT NULL,
	`answer` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`client_id`, `route`, `key_digest`)
) STRICT;
--> statement-breakpoint
CREATE INDEX `idempotency_keys_by_age` ON `idempotency_keys` (`created_at`);--> statement-breakpoint
CREATE TABLE `journals` (
	`tenant_id` text NOT NULL,
	`journal_id` text NOT NULL,
	`kind` text NOT NULL,
	`payment_id` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `journal_id`)
) STRICT;
--> statement-breakpoint
CREATE TABLE `payment_consent_ends` (
	`consent_id` text PRIMARY KEY NOT NULL,
	`outcome` text NOT NULL,
	`at` integer NOT NULL,
	`payment_id` text
) STRICT;
--> statement-breakpoint
CREATE TABLE `payment_events` (
	`tenant_id` text NOT NULL,
	`payment_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`status` text NOT NULL,
	`reason` text,
	`at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `payment_id`, `sequence`)
) STRICT;
--> statement-breakpoint
CREATE TABLE `payments` (
	`tenant_id` text NOT NULL,
	`payment_id` text NOT NULL,
	`consent_id` text NOT NULL,
	`client_id` text NOT NULL,
	`organisation_id` text NOT NULL,
	`customer_id` text NOT NULL,
	`payment_type` text NOT NULL,
	`status` text NOT NULL,
	`status_reason` text,
	`debtor_account_id` text NOT NULL,
	`currency` text NOT NULL,
	`total_debit_minor` integer NOT NULL,
	`document` text NOT NULL,
	`uetr` text,
	`created_at` integer NOT NULL,
	`status_updated_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `payment_id`)
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `payments_by_id` ON `payments` (`payment_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `payments_one_per_consent` ON `payments` (`consent_id`);--> statement-breakpoint
CREATE INDEX `payments_by_client` ON `payments` (`client_id`,`created_at`,`payment_id`);--> statement-breakpoint
ALTER TABLE `transactions` ADD `journal_id` text;--> statement-breakpoint
CREATE TRIGGER `transactions_booked_unchanged` BEFORE UPDATE ON `transactions` WHEN OLD.status = 'booked'
BEGIN
	SELECT RAISE(ABORT, 'entries_immutable');
END;
--> statement-breakpoint
CREATE TRIGGER `transactions_booked_kept` BEFORE DELETE ON `transactions` WHEN OLD.status = 'booked' AND EXISTS (SELECT 1 FROM tenants WHERE tenant_id = OLD.tenant_id)
BEGIN
	SELECT RAISE(ABORT, 'entries_immutable');
END;
--> statement-breakpoint
CREATE TRIGGER `transactions_entry_has_account` BEFORE INSERT ON `transactions` WHEN NEW.journal_id IS NOT NULL AND NEW.account_id NOT GLOB 'internal:*' AND NOT EXISTS (SELECT 1 FROM accounts WHERE tenant_id = NEW.tenant_id AND account_id = NEW.account_id AND currency = NEW.currency)
BEGIN
	SELECT RAISE(ABORT, 'entry_without_account');
END;
--> statement-breakpoint
CREATE TRIGGER `journals_have_tenant` BEFORE INSERT ON `journals` WHEN NOT EXISTS (SELECT 1 FROM tenants WHERE tenant_id = NEW.tenant_id)
BEGIN
	SELECT RAISE(ABORT, 'journal_without_tenant');
END;
--> statement-breakpoint
CREATE TRIGGER `journals_unchanged` BEFORE UPDATE ON `journals`
BEGIN
	SELECT RAISE(ABORT, 'entries_immutable');
END;
--> statement-breakpoint
CREATE TRIGGER `journals_kept` BEFORE DELETE ON `journals` WHEN EXISTS (SELECT 1 FROM tenants WHERE tenant_id = OLD.tenant_id)
BEGIN
	SELECT RAISE(ABORT, 'entries_immutable');
END;
--> statement-breakpoint
CREATE TRIGGER `payments_unchanged` BEFORE UPDATE OF tenant_id, payment_id, consent_id, client_id, organisation_id, customer_id, payment_type, debtor_account_id, currency, total_debit_minor, document, uetr, created_at ON `payments`
BEGIN
	SELECT RAISE(ABORT, 'payment_immutable');
END;
--> statement-breakpoint
CREATE TRIGGER `payments_kept` BEFORE DELETE ON `payments` WHEN EXISTS (SELECT 1 FROM tenants WHERE tenant_id = OLD.tenant_id)
BEGIN
	SELECT RAISE(ABORT, 'payment_immutable');
END;
--> statement-breakpoint
CREATE TRIGGER `payment_events_unchanged` BEFORE UPDATE ON `payment_events`
BEGIN
	SELECT RAISE(ABORT, 'payment_immutable');
END;
--> statement-breakpoint
CREATE TRIGGER `payment_events_kept` BEFORE DELETE ON `payment_events` WHEN EXISTS (SELECT 1 FROM tenants WHERE tenant_id = OLD.tenant_id)
BEGIN
	SELECT RAISE(ABORT, 'payment_immutable');
END;
--> statement-breakpoint
CREATE TRIGGER `payment_consent_ends_unchanged` BEFORE UPDATE ON `payment_consent_ends`
BEGIN
	SELECT RAISE(ABORT, 'consent_end_immutable');
END;
--> statement-breakpoint
CREATE TRIGGER `payment_consent_ends_kept` BEFORE DELETE ON `payment_consent_ends`
BEGIN
	SELECT RAISE(ABORT, 'consent_end_immutable');
END;
