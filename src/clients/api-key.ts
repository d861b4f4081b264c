/** API keys: how they look, and the one that a local sandbox is seeded with. */
import type { Environment } from '#edge/settings.ts';

/** `sk_sandbox_...` and `sk_live_...`; 256 random bits where we make them. */
const KEY = /^sk_(sandbox|live)_[A-Za-z0-9_]{16,128}$/;

/** The key of the organisation "Local Developer": known to all, so it opens a local sandbox alone. */
export const LOCAL_API_KEY = 'sk_sandbox_local_developer_hamster_wheel';

/** The environment an API key names, or undefined when the text is no API key. */
export function environmentOfKey(text: string): Environment | undefined {
  const match = KEY.exec(text);
  if (match === null) return undefined;
  return match[1] === 'live' ? 'production' : 'sandbox';
}
