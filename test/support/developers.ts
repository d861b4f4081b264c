/** Developers who are signed in, as their accounts, sessions and memberships lie in D1 after a sign-up. */
import { env } from 'cloudflare:workers';
import { SANDBOX_DIRECTORY_KEY } from '#clients/directory.ts';
import { type Organisation, organisationIdOf } from '#clients/organisation.ts';
import type { Developer } from '#developers/member.ts';
import type { MemberRole } from '#developers/role.ts';
import { SESSION_COOKIE } from '#developers/session.ts';
import { digestOf } from '#kernel/encoding.ts';
import { newSecret } from '#kernel/ids.ts';
import { TEST_NOW_MS } from './scope.ts';

export interface TestMemberParts {
  /** `owner` unless said otherwise. */
  readonly role?: MemberRole;
  /** One that is there; without it a new one is made. */
  readonly organisationId?: string;
  /** False: the password was proved so long ago that changes ask for it again. */
  readonly confirmed?: boolean;
  /** When all of it was made, epoch seconds. */
  readonly now?: number;
  /** The issuer the cookie is for. */
  readonly issuer?: string;
  readonly email?: string;
  /** As `hashPassword` made it, where a test signs in. */
  readonly passwordDigest?: string;
}

export interface TestMember {
  /** For the header `cookie`. */
  readonly cookie: string;
  /** Headers of a request as the member's browser sends it from a page of ours. */
  readonly headers: Readonly<Record<string, string>>;
  readonly developer: Developer;
  readonly sessionId: string;
  readonly role: MemberRole;
  readonly organisation: Organisation;
}

async function makeOrganisation(now: number): Promise<Organisation> {
  const orgId = crypto.randomUUID().replaceAll('-', '').slice(0, 18);
  const organisation: Organisation = {
    organisationId: await organisationIdOf(SANDBOX_DIRECTORY_KEY, orgId),
    directoryIssuer: SANDBOX_DIRECTORY_KEY,
    orgId,
    name: `Organisation ${orgId.slice(0, 6)}`,
    tenantId: undefined,
    createdAt: now,
  };
  const { organisationId, directoryIssuer, name } = organisation;
  await env.DB.prepare(
    'INSERT INTO organisations (organisation_id, directory_issuer, org_id, name, created_at) VALUES (?, ?, ?, ?, ?)',
  )
    .bind(organisationId, directoryIssuer, orgId, name, now)
    .run();
  return organisation;
}

async function findOrganisation(organisationId: string): Promise<Organisation> {
  const row = await env.DB.prepare('SELECT * FROM organisations WHERE organisation_id = ?')
    .bind(organisationId)
    .first<Record<string, string | number | null>>();
  if (row === null) throw new Error(`no organisation ${organisationId}`);
  return {
    organisationId,
    directoryIssuer: String(row['directory_issuer']),
    orgId: String(row['org_id']),
    name: String(row['name']),
    tenantId: row['tenant_id'] === null ? undefined : String(row['tenant_id']),
    createdAt: Number(row['created_at']),
  };
}

/** Each call makes a developer of its own, signed in and a member. */
export async function signUpMember(parts: TestMemberParts = {}): Promise<TestMember> {
  const { role = 'owner', now = Math.floor(TEST_NOW_MS / 1000), issuer = env.ISSUER } = parts;
  const word = crypto.randomUUID().slice(0, 13);
  const developer: Developer = {
    developerId: `dev_${word}`,
    email: parts.email ?? `${word}@example.com`,
    name: `Developer ${word.slice(0, 4)}`,
  };
  const organisation =
    parts.organisationId === undefined
      ? await makeOrganisation(now)
      : await findOrganisation(parts.organisationId);
  const { organisationId } = organisation;
  const value = newSecret();
  const sessionId = `ses_${word}`;
  const confirmedAt = parts.confirmed === false ? now - 3_600 : now;
  await env.DB.batch([
    env.DB.prepare(
      'INSERT INTO developers (developer_id, email, name, password_digest, email_confirmed_at, created_at) VALUES (?, ?, ?, ?, ?, ?)',
    ).bind(developer.developerId, developer.email, developer.name, parts.passwordDigest ?? null, now, now),
    env.DB.prepare(
      'INSERT INTO memberships (organisation_id, developer_id, role, created_at) VALUES (?, ?, ?, ?)',
    ).bind(organisationId, developer.developerId, role, now),
    env.DB.prepare(
      `INSERT INTO developer_sessions (session_id, digest, developer_id, organisation_id, created_at, last_used_at,
        confirmed_at, source, agent) VALUES (?, ?, ?, ?, ?, ?, ?, 'test', 'test')`,
    ).bind(
      sessionId,
      await digestOf(value),
      developer.developerId,
      organisationId,
      confirmedAt,
      now,
      confirmedAt,
    ),
  ]);
  const cookie = `${issuer.startsWith('https:') ? '__Host-' : ''}${SESSION_COOKIE}=${value}`;
  return { cookie, headers: { cookie, origin: issuer }, developer, sessionId, role, organisation };
}
