/** What production asks of an organisation's software, and how much of it the applications of a sandbox already meet. */
import type { Client } from '#clients/client.ts';
import { SANDBOX_DIRECTORY_KEY } from '#clients/directory.ts';
import { faultOfRedirectUri } from '#clients/redirect-uri.ts';

export const NEEDS = ['statement', 'keys', 'redirect_uris'] as const;
export type NeedName = (typeof NEEDS)[number];

/** `advised`: production takes it as it is, though there is better. `unknown`: there is no application yet that could tell. */
export type NeedState = 'met' | 'advised' | 'missing' | 'unknown';

export interface Need {
  readonly name: NeedName;
  readonly state: NeedState;
  /** What stands in the way: names of applications, or addresses with them. */
  readonly lacking: readonly string[];
}

type Judged = Pick<Client, 'softwareName' | 'software' | 'keys' | 'redirectUris'>;

/** The sandbox's own directory vouches for nobody. */
function lacksStatement({ softwareName, software }: Judged): readonly string[] {
  return software.directoryIssuer === SANDBOX_DIRECTORY_KEY ? [softwareName] : [];
}

/** Production takes keys from the statement alone; those behind an https address can be turned without a new one. */
function lacksHostedKeys({ softwareName, keys }: Judged): readonly string[] {
  return keys.by === 'reference' && keys.jwksUri.startsWith('https://') ? [] : [softwareName];
}

function lacksHttps({ softwareName, redirectUris }: Judged): readonly string[] {
  return redirectUris
    .filter((uri) => faultOfRedirectUri(uri, false) !== undefined)
    .map((uri) => `${uri} (${softwareName})`);
}

const LACKS: Readonly<Record<NeedName, (client: Judged) => readonly string[]>> = {
  statement: lacksStatement,
  keys: lacksHostedKeys,
  redirect_uris: lacksHttps,
};

/** One application that lacks nothing is enough: production registers applications, not organisations. */
export function findNeeds(applications: readonly Judged[]): readonly Need[] {
  return NEEDS.map((name) => {
    const lacking = applications.map(LACKS[name]);
    if (applications.length === 0) return { name, state: 'unknown', lacking: [] };
    if (lacking.some(({ length }) => length === 0)) return { name, state: 'met', lacking: [] };
    // Keys within a statement are taken; those at an address that production does not fetch are not.
    const isTaken = name === 'keys' && applications.some(({ keys }) => keys.by === 'value');
    return { name, state: isTaken ? 'advised' : 'missing', lacking: lacking.flat() };
  });
}
