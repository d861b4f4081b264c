/** Operators of the bank with keys of their own, as provisioning would leave them in D1. */
import { env } from 'cloudflare:workers';
import { keptOf, newOperatorKey, type OperatorScope } from '#operator/operator-key.ts';
import type { TestApp } from './app.ts';

export interface TestOperatorParts {
  readonly scope?: OperatorScope;
  readonly expiresAt?: number;
  readonly revokedAt?: number;
  /** The key itself, where a test needs a certain one. */
  readonly key?: string;
}

export interface TestOperator {
  readonly name: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Gives a command with a JSON body, or asks where there is none. */
  command(app: TestApp, path: string, body?: unknown, method?: string): Promise<Response>;
}

/** Each call makes an operator of its own. */
export async function insertOperator(parts: TestOperatorParts = {}): Promise<TestOperator> {
  const name = `op-${crypto.randomUUID().slice(0, 13)}`;
  const key = parts.key ?? (await newOperatorKey());
  const kept = await keptOf(key, {
    name,
    scope: parts.scope ?? 'write',
    createdBy: 'test',
    now: 0,
    expiresAt: parts.expiresAt,
  });
  await env.DB.prepare('INSERT INTO operator_keys VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
    .bind(
      kept.keyId,
      name,
      kept.digest,
      kept.scope,
      kept.createdBy,
      0,
      kept.expiresAt,
      parts.revokedAt ?? null,
    )
    .run();
  const headers = { authorization: `Bearer ${key}` };
  return {
    name,
    key,
    headers,
    command(app, path, body, method = body === undefined ? 'GET' : 'POST') {
      const address = `/operator/v1${path}`;
      return body === undefined
        ? app.request(address, { method, headers })
        : app.sendJson(address, body, { method, headers });
    },
  };
}

export interface AuditRow {
  readonly sequence: number;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly detail: string;
  readonly request_id: string;
}

/** The audit's rows about a subject, oldest first. */
export async function actionsOn(subject: string): Promise<readonly AuditRow[]> {
  const { results } = await env.DB.prepare(
    'SELECT * FROM operator_actions WHERE subject = ? ORDER BY sequence',
  )
    .bind(subject)
    .all<AuditRow & Record<string, unknown>>();
  return results;
}
