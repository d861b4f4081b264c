/**
 * Two organisations with members of each role, and what there is to change in each; and each route of the dashboard with
 * who may use it, written down apart from the product's own table of roles.
 */
import { env } from 'cloudflare:workers';
import { KEY_SCOPES, type KeyScope, newApiKey } from '#clients/api-key.ts';
import type { MemberRole } from '#developers/role.ts';
import { digestOf } from '#kernel/encoding.ts';
import { newSecret } from '#kernel/ids.ts';
import { signUpMember, type TestMember } from './developers.ts';
import { TEST_NOW_MS } from './scope.ts';
import { makeClient } from './test-client.ts';

export const ROLES = ['owner', 'developer', 'viewer'] as const satisfies readonly MemberRole[];

/** An organisation, and the ids that routes name. */
export interface Domain {
  readonly members: Readonly<Record<MemberRole, TestMember>>;
  readonly organisationId: string;
  /** Values of path parameters, by name. */
  readonly ids: Readonly<Record<string, string>>;
  /** Of its application, which joined it. */
  readonly softwareName: string;
  /** A key of all scopes. */
  readonly apiKey: string;
  /** Words that a page may show to this organisation alone. */
  readonly secrets: readonly string[];
}

const NOW = Math.floor(TEST_NOW_MS / 1000);

async function insertInvitation(organisationId: string, email: string): Promise<string> {
  const digest = await digestOf(newSecret());
  await env.DB.prepare(
    `INSERT INTO developer_tokens (digest, purpose, email, developer_id, organisation_id, detail, created_at, expires_at)
      VALUES (?, 'invite', ?, NULL, ?, '{"role":"viewer"}', ?, ?)`,
  )
    .bind(digest, email, organisationId, NOW, NOW + 600_000)
    .run();
  return digest;
}

export async function makeDomain(): Promise<Domain> {
  const owner = await signUpMember();
  const { organisationId, name } = owner.organisation;
  const join = (role: MemberRole) => signUpMember({ role, organisationId });
  // A second owner, so that the first may go; and somebody whom nobody acts as.
  const [developer, viewer, , bystander] = await Promise.all([
    join('developer'),
    join('viewer'),
    join('owner'),
    join('viewer'),
  ]);
  const invited = `invited-${crypto.randomUUID()}@example.com`;
  const invitationId = await insertInvitation(organisationId, invited);
  const { apiKey, keyId } = await insertKey(organisationId, KEY_SCOPES);
  const softwareName = `Software ${crypto.randomUUID()}`;
  const { clientId } = await makeClient({ softwareName });
  await env.DB.prepare('INSERT INTO organisation_clients VALUES (?, ?, ?, ?)')
    .bind(clientId, organisationId, NOW, owner.developer.developerId)
    .run();
  const requestId = crypto.randomUUID();
  await env.DB.prepare(
    "INSERT INTO request_log VALUES (?, ?, ?, 'GET', '/open-banking/v1/accounts', 200, NULL, 9, ?, ?, 'token 1a2b3c4d')",
  )
    .bind(organisationId, TEST_NOW_MS, requestId, requestId, clientId)
    .run();
  const members = { owner, developer, viewer };
  return {
    members,
    organisationId,
    ids: {
      developer_id: bystander.developer.developerId,
      invitation_id: invitationId,
      key_id: keyId,
      client_id: clientId,
      request_id: requestId,
    },
    softwareName,
    apiKey,
    secrets: [
      name,
      organisationId,
      invited,
      bystander.developer.email,
      bystander.developer.developerId,
      keyId,
      clientId,
      softwareName,
      requestId,
    ],
  };
}

/** A key of the organisation with these scopes. */
export async function insertKey(
  organisationId: string,
  scopes: readonly KeyScope[],
): Promise<{ readonly apiKey: string; readonly keyId: string }> {
  const apiKey = await newApiKey('sandbox');
  const keyId = `key_${crypto.randomUUID()}`;
  await env.DB.prepare(
    `INSERT INTO api_keys (key_id, digest, organisation_id, environment, name, prefix, last_four, created_at, scopes,
      allowed_ips) VALUES (?, ?, ?, 'sandbox', ?, ?, ?, 0, ?, '')`,
  )
    .bind(
      keyId,
      await digestOf(apiKey),
      organisationId,
      `Key ${keyId}`,
      apiKey.slice(0, 14),
      apiKey.slice(-4),
      scopes.join(' '),
    )
    .run();
  return { apiKey, keyId };
}

/** Everything kept for an organisation, to see that nothing changed. */
export async function snapshotOf({ organisationId }: Domain): Promise<string> {
  const tables = [
    'organisations',
    'memberships',
    'developer_tokens',
    'developer_deeds',
    'api_keys',
    'clients',
  ];
  const answers = await env.DB.batch(
    tables.map((table) =>
      env.DB.prepare(`SELECT * FROM ${table} WHERE organisation_id = ? ORDER BY 1, 2`).bind(organisationId),
    ),
  );
  return JSON.stringify(answers.map(({ results }) => results));
}

/** Who may use a route: everybody, whoever is signed in, or members of these roles. */
export type Audience = 'open' | 'signed_in' | readonly MemberRole[];

export interface Row {
  readonly may: Audience;
  /** Asks for a password or passkey of the last 15 minutes. */
  readonly confirmed?: true;
  /** Of a post that changes something. */
  readonly fields?: (domain: Domain) => Readonly<Record<string, string>>;
}

const ALL: Audience = ['owner', 'developer', 'viewer'];
const BUILDERS: Audience = ['owner', 'developer'];
const OWNER: Audience = ['owner'];

type Table = Readonly<Record<string, Row>>;

const PORTAL: Table = {
  'GET /dashboard': { may: ALL },
  'GET /dashboard/production': { may: ALL },
  'GET /dashboard/requests': { may: ALL },
  'GET /dashboard/requests/:request_id': { may: ALL },
  'GET /dashboard/usage': { may: ALL },
};

const ORGANISATION: Table = {
  'GET /dashboard/organisation': { may: ALL },
  'GET /dashboard/organisation/rename': { may: OWNER },
  'POST /dashboard/organisation/rename': { may: OWNER, fields: () => ({ name: 'Renamed' }) },
  'GET /dashboard/organisation/leave': { may: ALL },
  'POST /dashboard/organisation/leave': { may: ALL, fields: () => ({}) },
  'POST /dashboard/organisation/switch': {
    may: ALL,
    fields: ({ organisationId }) => ({ organisation_id: organisationId }),
  },
  'GET /dashboard/organisation/members/:developer_id': { may: OWNER, confirmed: true },
  'POST /dashboard/organisation/members/:developer_id': {
    may: OWNER,
    confirmed: true,
    fields: () => ({ role: 'developer' }),
  },
  'GET /dashboard/organisation/members/:developer_id/remove': { may: OWNER, confirmed: true },
  'POST /dashboard/organisation/members/:developer_id/remove': {
    may: OWNER,
    confirmed: true,
    fields: () => ({}),
  },
  'GET /dashboard/organisation/invite': { may: OWNER, confirmed: true },
  'POST /dashboard/organisation/invite': {
    may: OWNER,
    confirmed: true,
    fields: () => ({ email: `${crypto.randomUUID()}@example.com`, role: 'viewer' }),
  },
  'GET /dashboard/organisation/invitations/:invitation_id/revoke': { may: OWNER, confirmed: true },
  'POST /dashboard/organisation/invitations/:invitation_id/revoke': {
    may: OWNER,
    confirmed: true,
    fields: () => ({}),
  },
  'GET /dashboard/audit': { may: ALL },
  'GET /dashboard/audit.csv': { may: ALL },
};

const API_KEYS: Table = {
  'GET /dashboard/api-keys': { may: ALL },
  'GET /dashboard/api-keys/new': { may: BUILDERS, confirmed: true },
  'POST /dashboard/api-keys/new': {
    may: BUILDERS,
    confirmed: true,
    fields: () => ({
      nonce: newSecret(),
      name: 'Matrix',
      scope_requests: 'on',
      lifetime: '30',
      allowed_ips: '',
    }),
  },
  'GET /dashboard/api-keys/:key_id': { may: ALL },
  'GET /dashboard/api-keys/:key_id/roll': { may: BUILDERS, confirmed: true },
  'POST /dashboard/api-keys/:key_id/roll': {
    may: BUILDERS,
    confirmed: true,
    fields: () => ({ overlap: '3600' }),
  },
  'GET /dashboard/api-keys/:key_id/revoke': { may: BUILDERS, confirmed: true },
  'POST /dashboard/api-keys/:key_id/revoke': { may: BUILDERS, confirmed: true, fields: () => ({}) },
};

/** Forms of several steps are posted empty: who may is shown what is missing. */
const APPLICATIONS: Table = {
  'GET /dashboard/applications': { may: ALL },
  'GET /dashboard/applications/new': { may: BUILDERS },
  'POST /dashboard/applications/new': { may: BUILDERS },
  'GET /dashboard/applications/new/keys': { may: BUILDERS },
  'POST /dashboard/applications/new/keys': { may: BUILDERS },
  'GET /dashboard/applications/new/statement': { may: BUILDERS },
  'POST /dashboard/applications/new/statement': { may: BUILDERS },
  'GET /dashboard/applications/new/review': { may: BUILDERS },
  'POST /dashboard/applications/new/review': { may: BUILDERS },
  'GET /dashboard/applications/join': { may: BUILDERS },
  'POST /dashboard/applications/join': { may: BUILDERS },
  'GET /dashboard/applications/:client_id': { may: ALL },
  'GET /dashboard/applications/:client_id/edit': { may: BUILDERS, confirmed: true },
  'POST /dashboard/applications/:client_id/edit': { may: BUILDERS, confirmed: true },
  'GET /dashboard/applications/:client_id/token': { may: BUILDERS, confirmed: true },
  'POST /dashboard/applications/:client_id/token': { may: BUILDERS, confirmed: true },
  'GET /dashboard/applications/:client_id/delete': { may: BUILDERS, confirmed: true },
  'POST /dashboard/applications/:client_id/delete': {
    may: BUILDERS,
    confirmed: true,
    fields: ({ softwareName }) => ({ confirmation: softwareName }),
  },
  'GET /dashboard/applications/:client_id/leave': { may: BUILDERS },
  'POST /dashboard/applications/:client_id/leave': { may: BUILDERS, fields: () => ({}) },
};

/** What belongs to an account, whatever its organisations; and what strangers need. */
const ACCOUNTS: Table = {
  'GET /dashboard/organisation/new': { may: 'signed_in' },
  'POST /dashboard/organisation/new': { may: 'signed_in' },
  'GET /dashboard/sign-up': { may: 'open' },
  'POST /dashboard/sign-up': { may: 'open' },
  'GET /dashboard/confirm-email': { may: 'open' },
  'POST /dashboard/confirm-email': { may: 'open' },
  'GET /dashboard/sign-in': { may: 'open' },
  'POST /dashboard/sign-in': { may: 'open' },
  'POST /dashboard/sign-out': { may: 'open' },
  'GET /dashboard/reset-password': { may: 'open' },
  'POST /dashboard/reset-password': { may: 'open' },
  'GET /dashboard/reset-password/new': { may: 'open' },
  'POST /dashboard/reset-password/new': { may: 'open' },
  'GET /dashboard/confirm': { may: 'signed_in' },
  'POST /dashboard/confirm': { may: 'signed_in' },
  'GET /dashboard/security': { may: 'signed_in' },
  'GET /dashboard/security/password': { may: 'signed_in', confirmed: true },
  'POST /dashboard/security/password': { may: 'signed_in', confirmed: true },
  'POST /dashboard/security/sessions': { may: 'signed_in' },
  'POST /dashboard/sign-in/passkey': { may: 'open' },
  'POST /dashboard/confirm/passkey': { may: 'signed_in' },
  'GET /dashboard/security/passkeys': { may: 'signed_in', confirmed: true },
  'POST /dashboard/security/passkeys': { may: 'signed_in', confirmed: true },
  'POST /dashboard/security/passkeys/remove': { may: 'signed_in', confirmed: true },
  'GET /dashboard/invitation': { may: 'open' },
  'POST /dashboard/invitation': { may: 'signed_in' },
  'POST /dashboard/invitation/sign-up': { may: 'open' },
};

/** Each route of the dashboard. */
export const TABLE: Table = { ...PORTAL, ...ORGANISATION, ...API_KEYS, ...APPLICATIONS, ...ACCOUNTS };

/** Each route that takes an API key, with the scope that opens it. */
export const KEY_TABLE: Readonly<Record<string, KeyScope | 'any'>> = {
  'GET /developer/v1/api-key': 'any',
  'DELETE /developer/v1/api-key': 'any',
  'POST /sandbox/software-statements': 'sandbox',
  'POST /sandbox/consents/:consent_id/authorize': 'sandbox',
  'POST /sandbox/reset': 'sandbox',
  'GET /developer/v1/requests': 'requests',
  'GET /developer/v1/requests/:request_id': 'requests',
  'GET /developer/v1/usage': 'usage',
};
