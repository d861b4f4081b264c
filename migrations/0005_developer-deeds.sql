CREATE TABLE `developer_deeds` (
	`organisation_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`at` integer NOT NULL,
	`actor_id` text NOT NULL,
	`actor` text NOT NULL,
	`action` text NOT NULL,
	`subject` text NOT NULL,
	`detail` text NOT NULL,
	`source` text NOT NULL,
	`request_id` text NOT NULL,
	`previous_hash` text NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`organisation_id`, `sequence`)
) STRICT;
--> statement-breakpoint
CREATE INDEX `developer_deeds_by_action` ON `developer_deeds` (`organisation_id`,`action`,`sequence`);--> statement-breakpoint
CREATE INDEX `developer_deeds_by_actor` ON `developer_deeds` (`organisation_id`,`actor`,`sequence`);--> statement-breakpoint
CREATE TRIGGER `developer_deeds_chained` BEFORE INSERT ON `developer_deeds` WHEN NEW.sequence <> coalesce((SELECT max(sequence) FROM developer_deeds WHERE organisation_id = NEW.organisation_id), 0) + 1 OR NEW.previous_hash <> coalesce((SELECT hash FROM developer_deeds WHERE organisation_id = NEW.organisation_id ORDER BY sequence DESC LIMIT 1), '')
BEGIN
	SELECT RAISE(ABORT, 'deed_chain');
END;
--> statement-breakpoint
CREATE TRIGGER `developer_deeds_unchanged` BEFORE UPDATE ON `developer_deeds`
BEGIN
	SELECT RAISE(ABORT, 'deed_immutable');
END;
--> statement-breakpoint
CREATE TRIGGER `developer_deeds_kept` BEFORE DELETE ON `developer_deeds`
BEGIN
	SELECT RAISE(ABORT, 'deed_immutable');
END;
