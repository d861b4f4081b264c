CREATE TABLE `application_drafts` (
	`organisation_id` text NOT NULL,
	`developer_id` text NOT NULL,
	`draft_id` text NOT NULL,
	`content` text NOT NULL,
	`client_id` text,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`organisation_id`, `developer_id`)
) STRICT;
--> statement-breakpoint
CREATE INDEX `application_drafts_by_time` ON `application_drafts` (`updated_at`);