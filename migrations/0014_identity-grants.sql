CREATE TABLE `identity_grants` (
	`tenant_id` text NOT NULL,
	`customer_id` text NOT NULL,
	`client_id` text NOT NULL,
	`given_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`stopped_at` integer,
	PRIMARY KEY(`tenant_id`, `customer_id`, `client_id`)
) STRICT;
--> statement-breakpoint
CREATE INDEX `identity_grants_by_end` ON `identity_grants` (`expires_at`);