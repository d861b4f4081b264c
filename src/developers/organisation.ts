/** What an organisation's name may be, and which organisation a form was shown for. */
import { cleanName } from '#kernel/text.ts';

/** Characters. */
export const ORGANISATION_NAME_MAXIMUM = 80;

/** What is wrong with a name that was left out. */
export const NO_ORGANISATION_NAME = 'Enter the organisation’s name.';

/** A name as it is kept, or undefined for none. */
export function parseOrganisationName(submitted: string): string | undefined {
  const name = cleanName(submitted, ORGANISATION_NAME_MAXIMUM);
  return name === '' ? undefined : name;
}

/** Whoever works in an organisation. */
export interface OfOrganisation {
  readonly organisation: { readonly organisationId: string };
}

/** The hidden field that names the organisation a form was shown for. */
export const SHOWN_FOR = 'shown_for';

/**
 * Whether a form was shown for another organisation than the one the session works in by now: switched in another tab, or
 * fallen back to after a removal. No right hangs on it; it keeps a change from happening where nobody meant it.
 */
export function isShownForAnother(
  { organisation }: OfOrganisation,
  fields: ReadonlyMap<string, string>,
): boolean {
  const shownFor = fields.get(SHOWN_FOR);
  return shownFor !== undefined && shownFor !== organisation.organisationId;
}
