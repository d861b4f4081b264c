CREATE TABLE `figure_days` (
	`day` integer NOT NULL,
	`kind` text NOT NULL,
	`requests` integer NOT NULL,
	`answered` integer NOT NULL,
	`faults` integer NOT NULL,
	`total_ms` integer NOT NULL,
	`measured_seconds` integer NOT NULL,
	`down_seconds` integer NOT NULL,
	PRIMARY KEY(`day`, `kind`)
) STRICT;
--> statement-breakpoint
CREATE TABLE `figure_minutes` (
	`minute` integer NOT NULL,
	`kind` text NOT NULL,
	`source` text NOT NULL,
	`requests` integer NOT NULL,
	`answered` integer NOT NULL,
	`faults` integer NOT NULL,
	`total_ms` integer NOT NULL,
	PRIMARY KEY(`minute`, `kind`, `source`)
) STRICT;
