/** A call of the request log as a command that makes it again: its ids, tokens and body are the reader's shell's. */
import type { LoggedRequest } from '#traffic/logged-request.ts';

/** What of a call its repetition is made of. */
type Repeated = Pick<LoggedRequest, 'method' | 'route' | 'credential'>;

/** `{account_id}` as the shell writes it, within double quotes: `$ACCOUNT_ID`. */
function shellPath(route: string): string {
  return route.replace(/\{(\w+)\}/g, (_, name: string) => `$${name.toUpperCase()}`);
}

function bearer(variable: string): string {
  return `-H "Authorization: Bearer $${variable}"`;
}

const ASSERTION = [
  '-d "client_id=$CLIENT_ID"',
  '-d "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer"',
  '-d "client_assertion=$CLIENT_ASSERTION"',
];

const AUTHORIZATION_REQUEST = [
  '-d "response_type=code"',
  '--data-urlencode "redirect_uri=$REDIRECT_URI"',
  '-d "consent_id=$CONSENT_ID"',
];

/** Whose secret a call needs, and what else. */
function headersOf({ route, credential }: Repeated): readonly string[] {
  if (route === '/oauth/token') return [...ASSERTION, '-d "grant_type=client_credentials"'];
  if (route === '/oauth/par') return [...ASSERTION, ...AUTHORIZATION_REQUEST];
  if (route.startsWith('/oauth/')) return ASSERTION;
  if (credential.startsWith('sk_')) return [bearer('API_KEY')];
  if (route === '/register') return [];
  if (route.startsWith('/register')) return [bearer('REGISTRATION_TOKEN')];
  if (/\/consents(\/|$)/.test(route)) return [bearer('CLIENT_TOKEN')];
  return [bearer('ACCESS_TOKEN'), '-H "X-Consent-ID: $CONSENT_ID"'];
}

/** With `-X HEAD` curl would wait for the body that never comes. */
const METHOD_OPTIONS: Readonly<Record<string, string>> = { GET: '-i', HEAD: '-I' };

/** The command; what it leaves out stands in it as variables. */
export function repeatCall(request: Repeated): string {
  const { method, route } = request;
  const isForm = route.startsWith('/oauth/');
  const hasBody = (method === 'POST' || method === 'PUT') && !isForm && route !== '/sandbox/reset';
  const lines = [
    `curl ${METHOD_OPTIONS[method] ?? `-i -X ${method}`} "$BASE_URL${shellPath(route)}"`,
    ...headersOf(request),
    ...(method === 'POST' && route.endsWith('/payments') ? ['-H "Idempotency-Key: $IDEMPOTENCY_KEY"'] : []),
    ...(hasBody ? ['-H "Content-Type: application/json"', '-d @body.json'] : []),
  ];
  return lines.join(' \\\n  ');
}
