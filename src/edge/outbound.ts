/** Outbound HTTP, the only place that fetches: JSON of a key endpoint that someone else named. */
import { withDeadline } from '#edge/outage.ts';
import { readAtMost } from '#edge/read-at-most.ts';
import type { Scope } from '#edge/scope.ts';
import { isLoopbackHost, type Settings } from '#edge/settings.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';
import { URI_LENGTH_MAXIMUM } from '#kernel/uri.ts';

/** Longest answer we read unless told, bytes after decompression. Source: interface section 2. */
const ANSWER_LIMIT_BYTES = 65_536;
/** Longest wait for the whole answer, milliseconds. Source: interface section 2. */
const FETCH_DEADLINE_MS = 5_000;
/** Names that mean a machine near us, not one on the Internet (RFC 6761, RFC 6762, ICANN's .internal). */
const NEAR_NAME = /\.(?:local|localhost|internal)$/;
const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;

function refused(reason: string): Result<never> {
  return refuse('invalid_request', `outbound: ${reason}`);
}

/** The places in a domain that may route to this Worker. Source: interface section 1. */
const OWN_PLACES = ['api', 'auth', 'developer'];

/** `api.`, `auth.` and `developer.` of the domain, where the issuer's own host is at such a place of one. */
function siblingsOf(issuerHost: string): readonly string[] {
  const labels = issuerHost.split('.');
  const domain = labels.slice(labels.findIndex((label) => OWN_PLACES.includes(label)) + 1);
  return domain.length === labels.length || domain.length < 2
    ? []
    : OWN_PLACES.map((place) => [place, ...domain].join('.'));
}

function isOwnHost(host: string, settings: Pick<Settings, 'issuer' | 'developerHost'>): boolean {
  const issuerHost = new URL(settings.issuer).hostname;
  const own = [issuerHost, settings.developerHost, ...siblingsOf(issuerHost)];
  return own.some((name) => name !== undefined && (host === name || host.endsWith(`.${name}`)));
}

/**
 * Whether we may fetch a URL: https on port 443 at a public DNS name that is not ours, without user info. A local
 * request may also name a loopback host with any port, by http too, but not this server. The check is of the name: that
 * it does not lead to a private address is the platform's promise, as a Worker's fetch reaches the public network only.
 */
export function checkOutboundUrl(
  text: string,
  { isLocal, settings }: Pick<Scope, 'isLocal'> & { settings: Pick<Settings, 'issuer' | 'developerHost'> },
): Result<URL> {
  if (text.length > URI_LENGTH_MAXIMUM || !URL.canParse(text)) return refused('not a URL');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return refused('user info');
  // The parser has brought every spelling of an address (0x7f.1, 2130706433, full-width digits) to one of two forms.
  const host = url.hostname;
  if (isLocal && isLoopbackHost(host) && (url.protocol === 'http:' || url.protocol === 'https:')) {
    return url.origin === settings.issuer ? refused('own host') : ok(url);
  }
  if (url.protocol !== 'https:') return refused('not https');
  if (url.port !== '') return refused('not port 443');
  if (host.startsWith('[') || IPV4.test(host)) return refused('IP literal');
  if (!host.includes('.') || host.endsWith('.')) return refused('not a full public name');
  if (NEAR_NAME.test(host)) return refused('not a public name');
  if (isOwnHost(host, settings)) return refused('own host');
  return ok(url);
}

async function readJson(response: Response, limitBytes: number): Promise<Result<unknown>> {
  if (response.status !== 200) {
    await response.body?.cancel();
    return refused(`status ${response.status}`);
  }
  const bytes = await readAtMost(response.body, limitBytes);
  if (bytes === undefined) return refused('answer too long');
  try {
    return ok(JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)));
  } catch {
    return refused('answer is not JSON');
  }
}

/**
 * Fetches JSON. Refuses (`invalid_request`, for the caller to turn into its own code) a URL we may not fetch, any status
 * but 200 (redirects are not followed), more than 64 KiB (or `limitBytes`), no whole answer within 5 s, and what is not JSON. The reason
 * is for the log; nothing of the answer may be shown to who named the URL.
 */
export async function fetchJson(
  scope: Scope,
  url: string,
  limitBytes: number = ANSWER_LIMIT_BYTES,
): Promise<Result<unknown>> {
  const checked = checkOutboundUrl(url, scope);
  if (!checked.ok) return checked;
  const abort = new AbortController();
  const work = async () =>
    readJson(
      await fetch(checked.value, {
        redirect: 'manual',
        cache: 'no-store',
        headers: { accept: 'application/json, application/jwk-set+json' },
        signal: abort.signal,
      }),
      limitBytes,
    );
  try {
    return await withDeadline(work(), FETCH_DEADLINE_MS, 'host');
  } catch (error) {
    abort.abort();
    return refused(error instanceof Error ? error.message.slice(0, 200) : 'failed');
  }
}
