CREATE TABLE `request_log_sizes` (
	`organisation_id` text PRIMARY KEY NOT NULL,
	`held` integer NOT NULL,
	`oldest_ms` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `request_log_sizes_by_size` ON `request_log_sizes` (`held`);--> statement-breakpoint
CREATE INDEX `request_log_sizes_by_age` ON `request_log_sizes` (`oldest_ms`);--> statement-breakpoint
CREATE TABLE `request_log` (
	`organisation_id` text NOT NULL,
	`at_ms` integer NOT NULL,
	`entry_id` text NOT NULL,
	`method` text NOT NULL,
	`route` text NOT NULL,
	`status` integer NOT NULL,
	`code` text,
	`duration_ms` integer NOT NULL,
	`request_id` text NOT NULL,
	`client_id` text,
	`credential` text NOT NULL,
	PRIMARY KEY(`organisation_id`, `at_ms`, `entry_id`)
) STRICT;
--> statement-breakpoint
CREATE INDEX `request_log_by_request` ON `request_log` (`organisation_id`,`request_id`,`at_ms`);--> statement-breakpoint
CREATE TABLE `request_messages` (
	`message_id` text PRIMARY KEY NOT NULL,
	`taken_by` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `usage_hours` (
	`organisation_id` text NOT NULL,
	`hour` integer NOT NULL,
	`client_id` text NOT NULL,
	`route` text NOT NULL,
	`status` integer NOT NULL,
	`code` text NOT NULL,
	`requests` integer NOT NULL,
	`b0` integer NOT NULL,
	`b1` integer NOT NULL,
	`b2` integer NOT NULL,
	`b3` integer NOT NULL,
	`b4` integer NOT NULL,
	`b5` integer NOT NULL,
	`b6` integer NOT NULL,
	`b7` integer NOT NULL,
	`b8` integer NOT NULL,
	`b9` integer NOT NULL,
	`b10` integer NOT NULL,
	`b11` integer NOT NULL,
	`b12` integer NOT NULL,
	`b13` integer NOT NULL,
	`b14` integer NOT NULL,
	`b15` integer NOT NULL,
	`b16` integer NOT NULL,
	`b17` integer NOT NULL,
	`b18` integer NOT NULL,
	`b19` integer NOT NULL,
	`b20` integer NOT NULL,
	`b21` integer NOT NULL,
	`b22` integer NOT NULL,
	`b23` integer NOT NULL,
	`b24` integer NOT NULL,
	`b25` integer NOT NULL,
	`b26` integer NOT NULL,
	`b27` integer NOT NULL,
	`b28` integer NOT NULL,
	`b29` integer NOT NULL,
	`b30` integer NOT NULL,
	`b31` integer NOT NULL,
	`b32` integer NOT NULL,
	`b33` integer NOT NULL,
	`b34` integer NOT NULL,
	`b35` integer NOT NULL,
	`b36` integer NOT NULL,
	`b37` integer NOT NULL,
	`b38` integer NOT NULL,
	`b39` integer NOT NULL,
	`b40` integer NOT NULL,
	`b41` integer NOT NULL,
	`b42` integer NOT NULL,
	`b43` integer NOT NULL,
	`b44` integer NOT NULL,
	`b45` integer NOT NULL,
	PRIMARY KEY(`organisation_id`, `hour`, `client_id`, `route`, `status`, `code`)
) STRICT;
--> statement-breakpoint
CREATE INDEX `usage_hours_by_age` ON `usage_hours` (`hour`);--> statement-breakpoint
CREATE TABLE `usage_minutes` (
	`organisation_id` text NOT NULL,
	`client_id` text NOT NULL,
	`minute` integer NOT NULL,
	`requests` integer NOT NULL,
	PRIMARY KEY(`organisation_id`, `client_id`, `minute`)
) STRICT;
--> statement-breakpoint
CREATE INDEX `usage_minutes_by_age` ON `usage_minutes` (`minute`);--> statement-breakpoint
CREATE TABLE `usage_peaks` (
	`organisation_id` text NOT NULL,
	`hour` integer NOT NULL,
	`client_id` text NOT NULL,
	`requests` integer NOT NULL,
	PRIMARY KEY(`organisation_id`, `hour`, `client_id`)
) STRICT;
--> statement-breakpoint
CREATE INDEX `usage_peaks_by_age` ON `usage_peaks` (`hour`);