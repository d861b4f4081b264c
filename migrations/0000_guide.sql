CREATE TABLE `account_holders` (
	`tenant_id` text NOT NULL,
	`customer_id` text NOT NULL,
	`account_id` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `customer_id`, `account_id`)
) STRICT;
--> statement-breakpoint
CREATE INDEX `account_holders_by_account` ON `account_holders` (`tenant_id`,`account_id`);--> statement-breakpoint
CREATE TABLE `accounts` (
	`tenant_id` text NOT NULL,
	`account_id` text NOT NULL,
	`status` text NOT NULL,
	`currency` text NOT NULL,
	`account_type` text NOT NULL,
	`nickname` text NOT NULL,
	`sort_code` text NOT NULL,
	`account_number` text NOT NULL,
	`iban` text NOT NULL,
	`booked_minor` integer NOT NULL,
	`held_minor` integer NOT NULL,
	`overdraft_limit_minor` integer NOT NULL,
	`withdrawals_restricted` integer NOT NULL,
	`joint` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `account_id`),
	CONSTRAINT "accounts_balance_within_limit" CHECK(booked_minor - held_minor + overdraft_limit_minor >= 0),
	CONSTRAINT "accounts_held_not_negative" CHECK(held_minor >= 0),
	CONSTRAINT "accounts_limit_not_negative" CHECK(overdraft_limit_minor >= 0)
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `accounts_by_number` ON `accounts` (`tenant_id`,`sort_code`,`account_number`);--> statement-breakpoint
CREATE UNIQUE INDEX `accounts_by_iban` ON `accounts` (`tenant_id`,`iban`);--> statement-breakpoint
CREATE TABLE `api_keys` (
	`key_id` text PRIMARY KEY NOT NULL,
	`digest` text NOT NULL,
	`organisation_id` text NOT NULL,
	`environment` text NOT NULL,
	`name` text NOT NULL,
	`prefix` text NOT NULL,
	`last_four` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`revoked_at` integer
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_digest_unique` ON `api_keys` (`digest`);--> statement-breakpoint
CREATE INDEX `api_keys_by_organisation` ON `api_keys` (`organisation_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `clients` (
	`client_id` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`directory_issuer` text NOT NULL,
	`org_id` text NOT NULL,
	`software_id` text NOT NULL,
	`statement_id` text NOT NULL,
	`status` text NOT NULL,
	`version` integer NOT NULL,
	`record` text NOT NULL,
	`registration_token_digest` text NOT NULL,
	`issued_at` integer NOT NULL,
	`ended_at` integer
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `clients_one_live_per_statement` ON `clients` (`directory_issuer`,`statement_id`) WHERE ended_at IS NULL;--> statement-breakpoint
CREATE INDEX `clients_live_by_software` ON `clients` (`directory_issuer`,`org_id`,`software_id`) WHERE ended_at IS NULL;--> statement-breakpoint
CREATE INDEX `clients_by_organisation` ON `clients` (`organisation_id`,`issued_at`);--> statement-breakpoint
CREATE TABLE `consents` (
	`consent_id` text PRIMARY KEY NOT NULL,
	`consent_type` text NOT NULL,
	`client_id` text NOT NULL,
	`organisation_id` text NOT NULL,
	`tenant_id` text,
	`customer_id` text,
	`status` text NOT NULL,
	`created_at` integer NOT NULL,
	`status_updated_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`version` integer NOT NULL,
	`document` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `consents_by_client` ON `consents` (`client_id`,`created_at`,`consent_id`);--> statement-breakpoint
CREATE INDEX `consents_by_organisation` ON `consents` (`organisation_id`,`created_at`,`consent_id`);--> statement-breakpoint
CREATE INDEX `consents_by_customer` ON `consents` (`tenant_id`,`customer_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `customers` (
	`tenant_id` text NOT NULL,
	`customer_id` text NOT NULL,
	`username` text NOT NULL,
	`display_name` text NOT NULL,
	`password_digest` text NOT NULL,
	`locked` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `customer_id`)
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `customers_by_username` ON `customers` (`tenant_id`,`username`);--> statement-breakpoint
CREATE TABLE `login_attempts` (
	`tenant_id` text NOT NULL,
	`name_digest` text NOT NULL,
	`failures` integer NOT NULL,
	`refusals` integer NOT NULL,
	`refused_until` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `name_digest`)
) STRICT;
--> statement-breakpoint
CREATE INDEX `login_attempts_by_update` ON `login_attempts` (`updated_at`);--> statement-breakpoint
CREATE TABLE `organisations` (
	`organisation_id` text PRIMARY KEY NOT NULL,
	`directory_issuer` text NOT NULL,
	`org_id` text NOT NULL,
	`name` text NOT NULL,
	`tenant_id` text,
	`created_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `organisations_by_directory` ON `organisations` (`directory_issuer`,`org_id`);--> statement-breakpoint
CREATE TABLE `outbox` (
	`id` integer PRIMARY KEY NOT NULL,
	`topic` text NOT NULL,
	`subject` text NOT NULL,
	`payload` text NOT NULL,
	`created_at` integer NOT NULL,
	`due_at` integer NOT NULL,
	`attempts` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `outbox_by_due` ON `outbox` (`due_at`);--> statement-breakpoint
CREATE TABLE `tenants` (
	`tenant_id` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_used_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `tenants_by_last_use` ON `tenants` (`last_used_at`);--> statement-breakpoint
CREATE TABLE `transactions` (
	`tenant_id` text NOT NULL,
	`account_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`transaction_id` text NOT NULL,
	`status` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`currency` text NOT NULL,
	`booked_at` integer,
	`value_date` text NOT NULL,
	`type` text NOT NULL,
	`description` text NOT NULL,
	`reference` text,
	`counterparty_name` text,
	`counterparty_account` text,
	`merchant_name` text,
	`merchant_category_code` text,
	`balance_after_minor` integer,
	PRIMARY KEY(`tenant_id`, `account_id`, `created_at`, `transaction_id`)
) STRICT;
