CREATE TABLE `developer_sessions` (
	`session_id` text PRIMARY KEY NOT NULL,
	`digest` text NOT NULL,
	`developer_id` text NOT NULL,
	`organisation_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_used_at` integer NOT NULL,
	`confirmed_at` integer NOT NULL,
	`ended_at` integer,
	`source` text NOT NULL,
	`agent` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `developer_sessions_digest_unique` ON `developer_sessions` (`digest`);--> statement-breakpoint
CREATE INDEX `developer_sessions_by_developer` ON `developer_sessions` (`developer_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `developer_sessions_by_age` ON `developer_sessions` (`created_at`);--> statement-breakpoint
CREATE TABLE `developer_tokens` (
	`digest` text PRIMARY KEY NOT NULL,
	`purpose` text NOT NULL,
	`email` text NOT NULL,
	`developer_id` text,
	`organisation_id` text,
	`detail` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer
) STRICT;
--> statement-breakpoint
CREATE INDEX `developer_tokens_by_email` ON `developer_tokens` (`email`,`created_at`);--> statement-breakpoint
CREATE INDEX `developer_tokens_by_organisation` ON `developer_tokens` (`organisation_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `developer_tokens_by_end` ON `developer_tokens` (`expires_at`);--> statement-breakpoint
CREATE TABLE `developers` (
	`developer_id` text PRIMARY KEY NOT NULL,
	`email` text NOT NULL,
	`name` text NOT NULL,
	`password_digest` text,
	`email_confirmed_at` integer NOT NULL,
	`created_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `developers_email_unique` ON `developers` (`email`);--> statement-breakpoint
CREATE TABLE `memberships` (
	`organisation_id` text NOT NULL,
	`developer_id` text NOT NULL,
	`role` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`organisation_id`, `developer_id`)
) STRICT;
--> statement-breakpoint
CREATE INDEX `memberships_by_developer` ON `memberships` (`developer_id`,`created_at`);