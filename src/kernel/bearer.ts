/** The credentials of an `Authorization: Bearer` header. Source: RFC 6750 section 2.1. */

/** RFC 9110 section 11.1: the scheme is case-insensitive; then one b64token. Two headers arrive joined by a comma, which none has. */
const BEARER = /^bearer +([A-Za-z0-9._~+/-]+=*) *$/i;

/** The one token of the header; undefined where it has none, several or another scheme. */
export function parseBearer(header: string | undefined): string | undefined {
  return header === undefined ? undefined : BEARER.exec(header)?.[1];
}
