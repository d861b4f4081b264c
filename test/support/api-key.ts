/** An organisation of the sandbox directory with an API key, as the developer dashboard would leave them in D1. */
import { env } from 'cloudflare:workers';
import { SANDBOX_DIRECTORY_KEY } from '#clients/directory.ts';
import { organisationIdOf } from '#clients/organisation.ts';
import { digestOf } from '#kernel/encoding.ts';

export interface TestOrganisation {
  readonly organisationId: string;
  readonly orgId: string;
  readonly name: string;
  readonly apiKey: string;
}

export interface TestKeyParts {
  readonly environment?: 'sandbox' | 'production';
  readonly expiresAt?: number;
  readonly revokedAt?: number;
  /** The key itself, where a test needs a certain one. */
  readonly apiKey?: string;
}

/** Inserts both; every call makes an organisation of its own. */
export async function insertOrganisationWithKey(parts: TestKeyParts = {}): Promise<TestOrganisation> {
  const word = crypto.randomUUID().replaceAll('-', '');
  const orgId = `org${word}`;
  const name = `Organisation ${word.slice(0, 6)}`;
  const apiKey = parts.apiKey ?? `sk_sandbox_${word}`;
  const organisationId = await organisationIdOf(SANDBOX_DIRECTORY_KEY, orgId);
  await env.DB.batch([
    env.DB.prepare('INSERT INTO organisations VALUES (?, ?, ?, ?, NULL, 0)').bind(
      organisationId,
      SANDBOX_DIRECTORY_KEY,
      orgId,
      name,
    ),
    env.DB.prepare('INSERT OR REPLACE INTO api_keys VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?)').bind(
      word,
      await digestOf(apiKey),
      organisationId,
      parts.environment ?? 'sandbox',
      'Test key',
      'sk_sandbox_',
      apiKey.slice(-4),
      parts.expiresAt ?? null,
      parts.revokedAt ?? null,
    ),
  ]);
  return { organisationId, orgId, name, apiKey };
}
