/**
 * Verifies a software statement: its directory by `iss`, then only that directory's algorithms and keys, then its
 * times, then what it says. D1: one read in 30 s (distrusted directories). Objects: none (the sandbox directory's keys: one a minute and isolate).
 * Source: RFC 7591 section 2.3, RFC 8725.
 */
import { checkSignature, type KeysCheck } from '#clients/client-keys.flow.ts';
import {
  algorithmsOf,
  checkStatementTimes,
  type Directory,
  directoryOf,
  readStatement,
  refuseStatement,
} from '#clients/directory.ts';
import { isDistrusted } from '#clients/directory-trust.flow.ts';
import { isSignedBy, type Signed } from '#clients/signature.ts';
import type { Statement } from '#clients/statement.ts';
import type { Scope } from '#edge/scope.ts';
import { signingKeys } from '#edge/signing-keys.ts';
import { decodeUnverified } from '#kernel/jwt.ts';
import { type Result, refuse, refuseOpenly } from '#kernel/result.ts';

async function checkDirectory(scope: Scope, { keys }: Directory, signed: Signed): Promise<KeysCheck> {
  if (keys !== 'sandbox') return checkSignature(scope, keys, signed, 'directory');
  const { directory } = await signingKeys(scope);
  return directory !== undefined && (await isSignedBy(directory.verifyKey, signed)) ? 'signed' : 'not_signed';
}

/**
 * What a software statement says, once its directory is known to have said it. Refuses with
 * `unapproved_software_statement` (issuer not trusted, expired, too old), `invalid_software_statement` (all else), and
 * `service_unavailable` when the directory's keys cannot be had.
 */
export async function verifyStatement(scope: Scope, token: unknown): Promise<Result<Statement>> {
  if (typeof token !== 'string' || token === '') {
    return refuseStatement('The software statement is missing.');
  }
  const decoded = decodeUnverified(token);
  if (decoded === undefined) return refuseStatement('The software statement is not a JWT.');
  const { header, claims } = decoded;
  if (typeof claims['iss'] !== 'string') return refuseStatement('The software statement has no iss.');
  const directory = directoryOf(scope.settings, claims['iss']);
  if (directory === undefined || (await isDistrusted(scope, directory.issuer))) {
    return refuseOpenly(
      'unapproved_software_statement',
      'The issuer of the software statement is not a directory that this bank trusts.',
    );
  }
  const algorithm = algorithmsOf(directory).find((name) => name === header['alg']);
  if (algorithm === undefined || header['crit'] !== undefined) {
    return refuseStatement('The software statement is not signed with an algorithm of its directory.');
  }
  const checked = await checkDirectory(scope, directory, { token, algorithm });
  // Not the statement's fault: whoever sent it may come back with the same one.
  if (checked === 'no_keys') {
    return refuse('service_unavailable', 'no keys of the directory at hand', { retryAfterSeconds: 30 });
  }
  if (checked === 'not_signed')
    return refuseStatement('The software statement is not signed by its directory.');
  const times = checkStatementTimes(directory, claims, scope.now);
  return times.ok ? readStatement(directory, claims) : times;
}
