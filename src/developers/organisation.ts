/** What an organisation's name may be. */
import { cleanName } from '#kernel/text.ts';

/** Characters. */
export const ORGANISATION_NAME_MAXIMUM = 80;

/** A name as it is kept, or undefined for none. */
export function parseOrganisationName(submitted: string | undefined): string | undefined {
  const name = cleanName(submitted ?? '', ORGANISATION_NAME_MAXIMUM);
  return name === '' ? undefined : name;
}
