CREATE TABLE `organisation_clients` (
	`client_id` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`joined_at` integer NOT NULL,
	`joined_by` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `organisation_clients_by_organisation` ON `organisation_clients` (`organisation_id`,`joined_at`);