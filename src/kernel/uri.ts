/** URIs from outside: how long they may be. */

/** Characters of a redirect URI, key endpoint or other address that somebody registers. Source: interface section 2. */
export const URI_LENGTH_MAXIMUM = 2_000;
