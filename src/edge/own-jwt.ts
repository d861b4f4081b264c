/**
 * The bank's own JWTs (access tokens, id_tokens, sealed forms) verified. Other parties' are judged
 * elsewhere. Source: RFC 7515 section 5.2, RFC 7519 section 4.1.3.
 */
import { type CryptoKey, compactVerify, errors, type JWTPayload, type JWTVerifyGetKey } from 'jose';

/** What a JWT of the bank's has to be. */
export interface OwnJwt {
  readonly audience: string;
  readonly algorithms: string[];
}

/**
 * The claims of a JWT that one of the bank's keys signed for this audience, and its `typ`; undefined for any other text.
 * Whether it has expired is the caller's to ask.
 */
export async function verifyOwnJwt(
  token: string,
  keys: CryptoKey | JWTVerifyGetKey,
  { audience, algorithms }: OwnJwt,
): Promise<{ readonly claims: JWTPayload; readonly typ: string | undefined } | undefined> {
  try {
    // Both kinds of key are taken, each by an overload of its own.
    const { payload, protectedHeader } = await compactVerify(token, keys as JWTVerifyGetKey, { algorithms });
    const claims = JSON.parse(new TextDecoder().decode(payload)) as JWTPayload;
    return [claims.aud].flat().includes(audience) ? { claims, typ: protectedHeader.typ } : undefined;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}
