/** What a developer takes from the dashboard to a shell: the `.env` of an application, a script that signs, and the first calls. */
import type { Client } from '#clients/client.ts';
import { assertionAlgorithmOf } from '#clients/key-set.ts';
import type { Environment } from '#edge/settings.ts';

/** One block to copy, and what to know before. */
export interface ShellBlock {
  readonly title: string;
  readonly words: string;
  readonly code: string;
}

/** As a POSIX shell reads it, and the readers of `.env` files do. */
function quoted(value: string): string {
  return /^[\w./:@%+,-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}

/** The first key that proves the software, as not every key of a set is for that. */
function signingKeyOf({ keys, assertionAlgorithm }: Client) {
  const set = keys.by === 'value' ? keys.jwks.keys : [];
  return set
    .map((key) => ({ kid: key.kid, algorithm: assertionAlgorithmOf(key) }))
    .find(({ algorithm }) => algorithm !== undefined && algorithm === (assertionAlgorithm ?? algorithm));
}

/** Where a private key is kept: one made in the browser was saved under its key's name (public/assets/application-keys.js). */
function keyFileOf(kid: string | undefined): string {
  return kid !== undefined && /^[\w-]{43}$/.test(kid)
    ? `./hamster-bank-${kid.replaceAll(/[^A-Za-z0-9]/g, '').slice(0, 8)}.pem`
    : './private-key.pem';
}

/** The `.env` of an application; its registration token only where that is told now. */
export function envText(issuer: string, client: Client, registrationToken?: string): string {
  const key = signingKeyOf(client);
  const lines = {
    BASE_URL: issuer,
    CLIENT_ID: client.clientId,
    REDIRECT_URI: client.redirectUris[0] ?? '',
    KEY_FILE: keyFileOf(key?.kid),
    KEY_ID: key?.kid ?? '',
    // Of keys behind an address nothing is known here: empty, it is that of the key in the file.
    KEY_ALGORITHM: key?.algorithm ?? client.assertionAlgorithm ?? '',
    ...(registrationToken === undefined ? {} : { REGISTRATION_TOKEN: registrationToken }),
  };
  return Object.entries(lines)
    .map(([name, value]) => `${name}=${quoted(value)}`)
    .join('\n');
}

const TOOLS = `set -a; . ./.env; set +a
for tool in assertion member; do curl -sS "$BASE_URL/assets/$tool.mjs" -o $tool.mjs; done`;

const ASSERTION = `  -d "client_id=$CLIENT_ID" \\
  -d "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer" \\
  -d "client_assertion=$(node assertion.mjs)"`;

const CONSENTS = {
  AISP: `{
    "consent_type": "account-access",
    "permissions": ["ReadAccounts", "ReadBalances", "ReadTransactions"]
  }`,
  PISP: `{
    "consent_type": "payment",
    "payment": {
      "type": "domestic",
      "instructed_amount": { "amount": "1.00", "currency": "GBP" },
      "creditor": {
        "name": "Acorn Stores",
        "account": { "scheme": "SortCodeAccountNumber", "id": "608371-87654321" }
      },
      "end_to_end_id": "first-payment"
    }
  }`,
  CBPII: `{
    "consent_type": "funds-confirmation",
    "debtor_account": { "scheme": "SortCodeAccountNumber", "id": "608371-12345678" }
  }`,
} as const;

function consentCall({ roles }: Client): string {
  const [role = 'AISP'] = roles;
  return `CLIENT_TOKEN=$(curl -sS -X POST "$BASE_URL/oauth/token" \\
  -d "grant_type=client_credentials" \\
  -d "scope=consents" \\
${ASSERTION} | node member.mjs access_token)

CONSENT=$(curl -sS -X POST "$BASE_URL/open-banking/v1/consents" \\
  -H "Authorization: Bearer $CLIENT_TOKEN" \\
  -H "Content-Type: application/json" \\
  -d '${CONSENTS[role]}')
echo "$CONSENT"
CONSENT_ID=$(echo "$CONSENT" | node member.mjs consent_id)

curl -sS "$BASE_URL/open-banking/v1/consents/$CONSENT_ID" \\
  -H "Authorization: Bearer $CLIENT_TOKEN"; echo`;
}

/** The authorization request in Node.js; what follows makes text of it. */
const ASKED = `node -p 'const e = process.env, asked = {
    response_type: "code", client_id: e.CLIENT_ID,
    redirect_uri: e.REDIRECT_URI, state: crypto.randomUUID() };`;

const AUTHORIZE_BY_BROWSER = `echo "$BASE_URL/oauth/authorize?consent_id=$CONSENT_ID&$(${ASKED}
  String(new URLSearchParams(asked))')"`;

const AUTHORIZE_BY_KEY = `RETURN=$(${ASKED}
  JSON.stringify({ ...asked, customer: "hazel",
    accounts: ["acc_1234567890"], decision: "approve" })' |
  curl -sS "$BASE_URL/sandbox/consents/$CONSENT_ID/authorize" \\
    -H "Authorization: Bearer $API_KEY" \\
    -H "Content-Type: application/json" \\
    -d @- | node member.mjs redirect_uri)
CODE=$(node -p 'new URL(process.argv[1]).searchParams.get("code")' "$RETURN")`;

const ACCOUNTS = `ACCESS_TOKEN=$(curl -sS -X POST "$BASE_URL/oauth/token" \\
  -d "grant_type=authorization_code" \\
  -d "code=$CODE" \\
  --data-urlencode "redirect_uri=$REDIRECT_URI" \\
${ASSERTION} | node member.mjs access_token)

curl -sS "$BASE_URL/open-banking/v1/accounts" \\
  -H "Authorization: Bearer $ACCESS_TOKEN" \\
  -H "X-Consent-ID: $CONSENT_ID"; echo`;

/** The commands in their order, each block to be run in the shell of the one before. */
export function firstCalls(client: Client, environment: Environment): readonly ShellBlock[] {
  const isSandbox = environment === 'sandbox';
  const first: readonly ShellBlock[] = [
    {
      title: 'Two small tools',
      words:
        'Run these in the folder of your .env and your private key, with curl and Node.js 20 or later. One signs with your key, one reads an answer.',
      code: TOOLS,
    },
    {
      title: 'Your first call',
      words: 'Your software proves itself with its key, asks for a consent, and reads it back.',
      code: consentCall(client),
    },
  ];
  if (!client.roles.includes('AISP')) return first;
  const comeTo = isSandbox
    ? 'Open the address that this prints, log in as hazel with the password hamster-wheel and the one-time code 123456, and confirm'
    : 'Send your customer to the address that this prints';
  const byKey: ShellBlock = {
    title: 'Or let the sandbox play the customer',
    words: 'With an API key of your organisation in API_KEY, one call does the same.',
    code: AUTHORIZE_BY_KEY,
  };
  return [
    ...first,
    {
      title: 'Let the customer decide',
      words: `${comeTo}. The browser ends at your redirect URI: copy the code from its address into CODE.`,
      code: AUTHORIZE_BY_BROWSER,
    },
    ...(isSandbox ? [byKey] : []),
    {
      title: 'Read the accounts',
      words: 'The code, good for a minute, becomes an access token for the accounts the customer chose.',
      code: ACCOUNTS,
    },
  ];
}
