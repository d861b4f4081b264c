/** The `claims` parameter: which consent and which subject it names. Source: OpenID Connect Core 1.0 section 5.5. */
import { ok, type Result, refuseOpenly } from '#kernel/result.ts';

export interface RequestedClaims {
  /** Consents named as `openbanking_intent_id` (OBIE) or `ConsentId`, each as it stands. */
  readonly consentIds: readonly string[];
  /** The customer the answer must be about (section 5.5.1: a `sub` with a value). */
  readonly subject?: string | undefined;
  /** The only values of `acr` that will do, where the client demands one as essential (section 5.5.1.1). */
  readonly demandedAcr?: readonly unknown[] | undefined;
}

/** Names under which ecosystems put the consent into the id_token's claims. */
const CONSENT_CLAIMS = ['openbanking_intent_id', 'ConsentId'] as const;

type Members = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const MALFORMED = refuseOpenly(
  'invalid_request',
  'The claims parameter is not what OpenID Connect Core section 5.5 describes.',
);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The `value` one claim is asked with: absent for null and for a claim without a value. */
function parseValue(claim: unknown): Result<string | undefined> {
  if (claim === undefined || claim === null) return ok(undefined);
  if (!isObject(claim)) return MALFORMED;
  const { value } = claim;
  if (value === undefined) return ok(undefined);
  return typeof value === 'string' ? ok(value) : MALFORMED;
}

function parseDemand(claim: unknown): readonly unknown[] | undefined {
  if (!isObject(claim) || claim['essential'] !== true) return undefined;
  const { value, values } = claim;
  if (value === undefined && values === undefined) return undefined;
  return Array.isArray(values) ? (values as unknown[]) : [value];
}

/** Reads the parameter's JSON; claims we do not know are ignored. Refuses with `invalid_request`. */
export function parseClaims(text: string): Result<RequestedClaims> {
  const claims = parseJson(text);
  if (!isObject(claims)) return MALFORMED;
  for (const place of ['id_token', 'userinfo']) {
    const asked = claims[place];
    if (asked !== undefined && asked !== null && !isObject(asked)) return MALFORMED;
  }
  const asked: Members = isObject(claims['id_token']) ? claims['id_token'] : {};
  const consentIds: string[] = [];
  for (const name of CONSENT_CLAIMS) {
    const value = parseValue(asked[name]);
    if (!value.ok) return value;
    if (value.value !== undefined) consentIds.push(value.value);
  }
  const subject = parseValue(asked['sub']);
  if (!subject.ok) return subject;
  return ok({
    consentIds,
    subject: subject.value,
    demandedAcr: parseDemand(asked['acr']),
  });
}
