CREATE TABLE `developer_passkeys` (
	`credential_id` text PRIMARY KEY NOT NULL,
	`developer_id` text NOT NULL,
	`public_key` text NOT NULL,
	`counter` integer NOT NULL,
	`transports` text NOT NULL,
	`backed_up` integer NOT NULL,
	`name` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_used_at` integer
) STRICT;
--> statement-breakpoint
CREATE INDEX `developer_passkeys_by_developer` ON `developer_passkeys` (`developer_id`,`created_at`);