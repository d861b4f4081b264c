ALTER TABLE `api_keys` ADD `scopes` text DEFAULT 'sandbox requests usage' NOT NULL;--> statement-breakpoint
ALTER TABLE `api_keys` ADD `allowed_ips` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `api_keys` ADD `created_by` text;--> statement-breakpoint
ALTER TABLE `api_keys` ADD `last_used_at` integer;--> statement-breakpoint
ALTER TABLE `api_keys` ADD `rolled_at` integer;--> statement-breakpoint
ALTER TABLE `api_keys` ADD `rolled_from` text;