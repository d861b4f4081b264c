/** An API key as it is told to who holds it. */
import * as v from 'valibot';
import { type ApiKey, KEY_SCOPES, keyStatusOf } from '#clients/api-key.ts';
import type { Organisation } from '#clients/organisation.ts';
import { renderInstant } from '#kernel/time.ts';

const instant = (description: string) =>
  v.nullable(v.pipe(v.string(), v.isoTimestamp(), v.description(description)));

/** Made where it is asked for: documents alone need it. */
export function apiKeySchema() {
  return v.pipe(
    v.object({
      key_id: v.string(),
      name: v.string(),
      prefix: v.picklist(['sk_sandbox_', 'sk_live_']),
      last_four: v.pipe(v.string(), v.description('The last four characters of the key.')),
      environment: v.picklist(['sandbox', 'production']),
      organisation: v.object({ org_id: v.string(), name: v.string() }),
      scopes: v.pipe(v.array(v.picklist(KEY_SCOPES)), v.description('What the key opens.')),
      allowed_ips: v.pipe(
        v.array(v.string()),
        v.description('Ranges of addresses (CIDR) it may come from; empty: any.'),
      ),
      status: v.pipe(
        v.picklist(['active', 'rolled']),
        v.description('`rolled`: another key has taken its place; it works until `expires_at`.'),
      ),
      created_at: v.pipe(v.string(), v.isoTimestamp()),
      expires_at: instant('Null: it does not end.'),
      last_used_at: instant('The use before this one, to the minute.'),
    }),
    v.title('ApiKey'),
  );
}

type WireKey = v.InferOutput<ReturnType<typeof apiKeySchema>>;

function renderTime(seconds: number | null): string | null {
  return seconds === null ? null : renderInstant(seconds);
}

export function renderApiKey(apiKey: ApiKey, { orgId, name }: Organisation, now: number): WireKey {
  return {
    key_id: apiKey.keyId,
    name: apiKey.name,
    prefix: apiKey.prefix as WireKey['prefix'],
    last_four: apiKey.lastFour,
    environment: apiKey.environment,
    organisation: { org_id: orgId, name },
    scopes: [...apiKey.scopes],
    allowed_ips: [...apiKey.allowedIps],
    status: keyStatusOf(apiKey, now) === 'rolled' ? 'rolled' : 'active',
    created_at: renderInstant(apiKey.createdAt),
    expires_at: renderTime(apiKey.expiresAt),
    last_used_at: renderTime(apiKey.lastUsedAt),
  };
}
