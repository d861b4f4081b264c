/** Which rule of the database refused a batch: how a flow tells an expected refusal from a bug or an outage. */

/** Drizzle wraps what D1 threw, at most a few times. */
const CAUSES_AT_MOST = 8;

// D1 says `D1_ERROR: CHECK constraint failed: name: SQLITE_CONSTRAINT`, a trigger's RAISE only its own words.
const BUILT_IN = /(?:CHECK|UNIQUE|NOT NULL|FOREIGN KEY) constraint failed(?:: (.+?))?(?:: SQLITE_|$)/;
const RAISED = /^(?:D1_ERROR: )?([a-z]+(?:_[a-z]+)+): SQLITE_CONSTRAINT/;

/**
 * The name of the CHECK (`accounts_balance_within_limit`), the columns of the key as SQLite lists them
 * (`payments.consent_id`), or the word a trigger raised (`entries_immutable`). Undefined for any other error.
 */
export function violatedConstraint(error: unknown): string | undefined {
  let current = error;
  for (let depth = 0; depth < CAUSES_AT_MOST && typeof current === 'object' && current !== null; depth += 1) {
    const { message, cause }: { message?: unknown; cause?: unknown } = current;
    if (typeof message === 'string') {
      const found = BUILT_IN.exec(message)?.[1] ?? RAISED.exec(message)?.[1];
      if (found !== undefined) return found;
    }
    current = cause;
  }
  return undefined;
}
