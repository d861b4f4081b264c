CREATE TABLE `distrusted_directories` (
	`issuer` text PRIMARY KEY NOT NULL,
	`distrusted_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `operator_actions` (
	`sequence` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	`action` text NOT NULL,
	`subject` text NOT NULL,
	`detail` text NOT NULL,
	`source` text NOT NULL,
	`request_id` text NOT NULL,
	`previous_hash` text NOT NULL,
	`hash` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `operator_actions_by_subject` ON `operator_actions` (`subject`,`sequence`);--> statement-breakpoint
CREATE INDEX `operator_actions_by_request` ON `operator_actions` (`request_id`);--> statement-breakpoint
CREATE TABLE `operator_keys` (
	`key_id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`digest` text NOT NULL,
	`scope` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`revoked_at` integer
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `operator_keys_digest_unique` ON `operator_keys` (`digest`);--> statement-breakpoint
CREATE UNIQUE INDEX `operator_keys_one_per_name` ON `operator_keys` (`name`) WHERE revoked_at IS NULL;--> statement-breakpoint
CREATE TRIGGER `operator_actions_chained` BEFORE INSERT ON `operator_actions` WHEN NEW.sequence <> coalesce((SELECT max(sequence) FROM operator_actions), 0) + 1 OR NEW.previous_hash <> coalesce((SELECT hash FROM operator_actions ORDER BY sequence DESC LIMIT 1), '')
BEGIN
	SELECT RAISE(ABORT, 'audit_chain');
END;
--> statement-breakpoint
CREATE TRIGGER `operator_actions_unchanged` BEFORE UPDATE ON `operator_actions`
BEGIN
	SELECT RAISE(ABORT, 'audit_immutable');
END;
--> statement-breakpoint
CREATE TRIGGER `operator_actions_kept` BEFORE DELETE ON `operator_actions`
BEGIN
	SELECT RAISE(ABORT, 'audit_immutable');
END;
