/** What of an organisation's applications is fit for production. */
import { expect, it } from 'vitest';
import type { Client } from '#clients/client.ts';
import { SANDBOX_DIRECTORY_KEY } from '#clients/directory.ts';
import { findNeeds } from '#portal/production-needs.ts';

type Judged = Parameters<typeof findNeeds>[0][number];

function application(changes: Partial<Client> = {}): Judged {
  return {
    softwareName: 'Acorn',
    software: { directoryIssuer: 'OpenBanking Ltd', orgId: 'o', softwareId: 's' },
    keys: { by: 'reference', jwksUri: 'https://acorn.example/jwks' },
    redirectUris: ['https://acorn.example/callback'],
    ...changes,
  };
}

const sandboxOnly: Partial<Client> = {
  softwareName: 'Bramble',
  software: { directoryIssuer: SANDBOX_DIRECTORY_KEY, orgId: 'o', softwareId: 's' },
  keys: { by: 'value', jwks: { keys: [] } },
  redirectUris: ['https://b.example/', 'http://localhost:3000/callback'],
};

it.each([
  ['nothing is known without an application', [], ['unknown', 'unknown', 'unknown'], [[], [], []]],
  ['a fit one', [application()], ['met', 'met', 'met'], [[], [], []]],
  [
    'one that only a sandbox takes',
    [application(sandboxOnly)],
    ['missing', 'advised', 'missing'],
    [['Bramble'], ['Bramble'], ['http://localhost:3000/callback (Bramble)']],
  ],
  [
    'keys at a loopback address',
    [application({ keys: { by: 'reference', jwksUri: 'http://localhost:3000/jwks' } })],
    ['met', 'missing', 'met'],
    [[], ['Acorn'], []],
  ],
  ['one fit among others', [application(sandboxOnly), application()], ['met', 'met', 'met'], [[], [], []]],
] as const)('%s', (_title, applications, states, lacking) => {
  const needs = findNeeds(applications);
  expect(needs.map(({ state }) => state)).toEqual(states);
  expect(needs.map((need) => need.lacking)).toEqual(lacking);
});
