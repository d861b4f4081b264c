CREATE TABLE `access_sessions` (
	`session_id` text PRIMARY KEY NOT NULL,
	`digest` text NOT NULL,
	`former_digest` text,
	`stage` text NOT NULL,
	`tenant_id` text NOT NULL,
	`customer_id` text NOT NULL,
	`display_name` text NOT NULL,
	`organisation_id` text,
	`name_digest` text NOT NULL,
	`code_digest` text NOT NULL,
	`code_expires_at` integer NOT NULL,
	`code_tries` integer NOT NULL,
	`sent_to` text,
	`created_at` integer NOT NULL,
	`opened_at` integer,
	`last_used_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `access_sessions_by_creation` ON `access_sessions` (`created_at`);