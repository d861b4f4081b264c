/** E-mail addresses as accounts are known by: one spelling, and nothing in it that a mail header could be broken with. */

/** Source: RFC 5321 section 4.5.3.1. */
const LENGTH_MAXIMUM = 254;
const LOCAL_LENGTH_MAXIMUM = 64;

/** What is wrong with an address that is none. */
export const NO_EMAIL = 'Enter an e-mail address such as ada@example.com.';

/**
 * The address in lower case, or undefined for what is none. ASCII alone: no two accounts may look alike, and quoted or
 * commented forms are nobody's.
 */
export function normaliseEmail(submitted: string): string | undefined {
  const text = submitted.trim().toLowerCase();
  if (text.length > LENGTH_MAXIMUM || text.indexOf('@') > LOCAL_LENGTH_MAXIMUM) return undefined;
  const form =
    /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;
  return form.test(text) ? text : undefined;
}
