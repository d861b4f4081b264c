/**
 * The audit logs of organisations in D1: rows are added, in one chain an organisation, and never changed (triggers refuse
 * it). Each holds the hash of the one before, so that a row changed behind the triggers' back breaks every hash after it.
 */
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const developerDeedsTable = sqliteTable('developer_deeds', {
  organisationId: text().notNull(),
  /** 1, 2, 3 without a gap for each organisation (by trigger). */
  sequence: integer().notNull(),
  at: integer().notNull(),
  actorId: text().notNull(),
  actor: text().notNull(),
  action: text().notNull(),
  subject: text().notNull(),
  /** JSON; no secrets. */
  detail: text().notNull(),
  source: text().notNull(),
  requestId: text().notNull(),
  previousHash: text().notNull(),
  hash: text().notNull(),
});

export const developerDeedsIndexes = (table: typeof developerDeedsTable) => [
  primaryKey({ columns: [table.organisationId, table.sequence] }),
  index('developer_deeds_by_action').on(table.organisationId, table.action, table.sequence),
  index('developer_deeds_by_actor').on(table.organisationId, table.actor, table.sequence),
];
