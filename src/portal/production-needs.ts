/** What production asks of an organisation's software, and how much of it the applications of a sandbox already meet. */
import type { Client } from '#clients/client.ts';
import { SANDBOX_DIRECTORY_KEY } from '#clients/directory.ts';
import { faultOfRedirectUri } from '#clients/redirect-uri.ts';

/** `advised`: production takes it as it is, though there is better. `unknown`: there is no application yet that could tell. */
export type NeedState = 'met' | 'advised' | 'missing' | 'unknown';

type Judged = Pick<Client, 'softwareName' | 'software' | 'keys' | 'redirectUris'>;

interface NeedWords {
  readonly title: string;
  readonly words: string;
}

export interface Need extends NeedWords {
  readonly state: NeedState;
  /** What stands in the way: names of applications, or addresses with them. */
  readonly lacking: readonly string[];
}

interface Rule extends NeedWords {
  /** What of an application stands in the way. */
  readonly lacks: (client: Judged) => readonly string[];
  /** Whether production takes an application that lacks it all the same. */
  readonly isTaken?: (client: Judged) => boolean;
}

const RULES: readonly Rule[] = [
  {
    title: 'A software statement of a trusted directory',
    words:
      'The directory vouches for who you are, what your regulator lets you do, your redirect URIs and your keys. The sandbox’s own counts in the sandbox alone.',
    // The sandbox's own directory vouches for nobody.
    lacks: ({ softwareName, software }) =>
      software.directoryIssuer === SANDBOX_DIRECTORY_KEY ? [softwareName] : [],
  },
  {
    title: 'Keys that the statement names, best at an address of yours',
    words:
      'The statement holds them, or names the address where you publish them (jwks_uri: https, port 443, a public name).',
    lacks: ({ softwareName, keys }) =>
      keys.by === 'reference' && keys.jwksUri.startsWith('https://') ? [] : [softwareName],
    // Keys within a statement are taken; those at an address that production does not fetch are not.
    isTaken: ({ keys }) => keys.by === 'value',
  },
  {
    title: 'Redirect URIs with https',
    words: 'Only the sandbox lets customers come back to http on your own machine.',
    lacks: ({ softwareName, redirectUris }) =>
      redirectUris
        .filter((uri) => faultOfRedirectUri(uri, false) !== undefined)
        .map((uri) => `${uri} (${softwareName})`),
  },
];

function judge({ lacks, isTaken = () => false, ...words }: Rule, applications: readonly Judged[]): Need {
  const lacking = applications.map(lacks);
  if (applications.length === 0) return { ...words, state: 'unknown', lacking: [] };
  if (lacking.some(({ length }) => length === 0)) return { ...words, state: 'met', lacking: [] };
  const state = applications.some(isTaken) ? 'advised' : 'missing';
  return { ...words, state, lacking: lacking.flat() };
}

/** One application that lacks nothing is enough: production registers applications, not organisations. */
export function findNeeds(applications: readonly Judged[]): readonly Need[] {
  return RULES.map((rule) => judge(rule, applications));
}
