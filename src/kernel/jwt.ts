/** A compact JWT taken apart; nothing of it is verified here. Source: RFC 7515 section 7.1, RFC 7519 section 7.2. */
import { fromBase64Url } from '#kernel/encoding.ts';

type Members = Readonly<Record<string, unknown>>;

export interface UnverifiedJwt {
  readonly header: Members;
  readonly claims: Members;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function parsePart(part: string | undefined): Members | undefined {
  const bytes = part === undefined ? undefined : fromBase64Url(part);
  if (bytes === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(decoder.decode(bytes));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Members)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Header and claims of three dot-separated parts; undefined where the text is no such JWT. */
export function decodeUnverified(token: string): UnverifiedJwt | undefined {
  const parts = token.split('.');
  if (parts.length !== 3) return undefined;
  const header = parsePart(parts[0]);
  const claims = parsePart(parts[1]);
  return header === undefined || claims === undefined ? undefined : { header, claims };
}
