/** How failed log-ins are counted per name and told: when a name is refused, and for how long. Source: RTS Article 4(3)(b). */
import { DAY_SECONDS, MINUTE_SECONDS } from '#kernel/time.ts';

/** Failed passwords and codes together, after which a name is refused. */
export const ATTEMPTS_BEFORE_REFUSAL = 5;
/** The first refusal; each one after it without a complete log-in between lasts twice as long. */
export const FIRST_REFUSAL_SECONDS = 15 * MINUTE_SECONDS;
export const LONGEST_REFUSAL_SECONDS = DAY_SECONDS;
/** A name nobody tried for this long is forgotten, its doubled refusals too. */
export const ATTEMPTS_KEPT_SECONDS = 30 * DAY_SECONDS;

/** The one text of every failure: it tells neither whether the name exists nor whether it is refused or locked. */
export const LOGIN_FAILURE =
  'We could not log you in with that username and password. After several failed attempts we wait before we accept another.';
export const CODE_FAILURE =
  'That code is not right, or no longer valid. After three wrong codes you have to start again.';

/** Longest name looked at; a longer one is nobody's. */
const NAME_LIMIT = 200;

/** A submitted name as it is counted and looked up: one spelling for what a phone's keyboard makes of it. */
export function normaliseName(submitted: string): string {
  return submitted.normalize('NFKC').trim().toLowerCase().slice(0, NAME_LIMIT);
}
