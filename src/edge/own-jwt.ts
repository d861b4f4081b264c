/**
 * The bank's own JWTs (access tokens, id_tokens, sealed forms) verified. Other parties' are judged
 * elsewhere. Source: RFC 7515 section 5.2, RFC 7519 section 7.2.
 */
import {
  type CryptoKey,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose';

/** What a JWT of the bank's has to be: for whom it is, and when it is looked at, are never left out. */
export type OwnJwt = JWTVerifyOptions &
  Required<Pick<JWTVerifyOptions, 'algorithms' | 'audience' | 'currentDate'>>;

/** The claims of a JWT that one of the bank's keys signed and that is as `expected`; undefined for any other text. */
export async function verifyOwnJwt(
  token: string,
  keys: CryptoKey | JWTVerifyGetKey,
  expected: OwnJwt,
): Promise<JWTPayload | undefined> {
  try {
    // Both kinds of key are taken, each by an overload of its own.
    const { payload } = await jwtVerify(token, keys as JWTVerifyGetKey, expected);
    return payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}
