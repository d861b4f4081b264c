/** An organisation is a TPP's company: the pair of the directory that knows it and its id there. */
import { digestOf } from '#kernel/encoding.ts';

export interface Organisation {
  readonly organisationId: string;
  /** The directory's key: see `Directory` in directory.ts. */
  readonly directoryIssuer: string;
  /** The directory's own id of it. */
  readonly orgId: string;
  readonly name: string;
  /** Undefined until its tenant is seeded. */
  readonly tenantId: string | undefined;
  /** Epoch seconds. */
  readonly createdAt: number;
}

/** The sandbox directory's id of "Local Developer", the organisation that a local sandbox is seeded with. */
export const LOCAL_ORG_ID = 'localdeveloper';

/** 132 bits of a digest: no two organisations ever share them. */
const ID_DIGEST_LENGTH = 22;

/**
 * The id of an organisation, a function of what it is: whoever meets it first, in whichever isolate, gives it the same
 * id, so that its first registration needs no look-up and its object is one from the start.
 */
export async function organisationIdOf(directoryIssuer: string, orgId: string): Promise<string> {
  return `org_${(await digestOf(JSON.stringify([directoryIssuer, orgId]))).slice(0, ID_DIGEST_LENGTH)}`;
}
