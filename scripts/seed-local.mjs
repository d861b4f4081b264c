/** What the local sandbox holds before its first request: the default organisation and its API key. */

/** The API key of the local sandbox's default organisation; undefined while nothing is seeded. */
export const LOCAL_API_KEY = undefined;

/**
 * The statements that seed a local database, in order: `{ sql, params }` each. They run again whenever the
 * migrations or the files of scripts/ change, so each must be harmless the second time (INSERT OR IGNORE).
 */
export function seedStatements(_nowSeconds) {
  return [];
}
