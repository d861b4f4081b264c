/** Redirect URIs: which ones a client may register. Source: RFC 6749 section 3.1.2, RFC 9700 section 2.1. */
import { isLoopbackHost } from '#edge/settings.ts';
import { URI_LENGTH_MAXIMUM } from '#kernel/uri.ts';

/**
 * Why a redirect URI is refused, in words fit for the wire; undefined if it is acceptable: absolute https (http on
 * loopback where `allowLoopbackHttp`), printable ASCII, no user info, fragment or wildcard.
 */
export function faultOfRedirectUri(uri: string, allowLoopbackHttp: boolean): string | undefined {
  if (uri.length > URI_LENGTH_MAXIMUM) return 'is longer than 2000 characters';
  // URL parsers drop tabs, newlines and outer spaces, and read a backslash as a slash: nothing they would repair.
  if (!/^[\x21-\x5b\x5d-\x7e]+$/.test(uri)) return 'has characters that a URI cannot have';
  if (uri.includes('#')) return 'has a fragment';
  if (uri.includes('*')) return 'has a wildcard';
  if (!/^https?:\/\/[^/]/i.test(uri) || !URL.canParse(uri)) return 'is not an absolute https URI';
  const url = new URL(uri);
  if (url.username !== '' || url.password !== '' || /^[^/]*\/\/[^/?]*@/.test(uri)) return 'has user info';
  if (url.protocol === 'https:') return undefined;
  return allowLoopbackHttp && isLoopbackHost(url.hostname) ? undefined : 'is not an https URI';
}
