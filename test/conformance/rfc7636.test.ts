/** Proof key for code exchange: one test a MUST of RFC 7636. */
import { expect, it } from 'vitest';
import { digestOf } from '#kernel/encoding.ts';
import { newSecret } from '#kernel/ids.ts';
import { codeOf, redeem } from '../support/authorized-code.ts';
import { answerOf, beginJourney, type Journey } from '../support/journey.ts';

interface Proof {
  readonly verifier: string;
  readonly parameters: { readonly code_challenge: string; readonly code_challenge_method: 'S256' };
}

async function newProof(verifier = newSecret()): Promise<Proof> {
  const code_challenge = await digestOf(verifier);
  return { verifier, parameters: { code_challenge, code_challenge_method: 'S256' } };
}

async function requestError(journey: Journey, changes: Record<string, string>): Promise<string | undefined> {
  return answerOf(await journey.browser().get(journey.url(changes)))['error'];
}

async function tokenError(answer: Response): Promise<string> {
  return `${answer.status} ${(await answer.json<{ error?: string }>()).error ?? 'none'}`;
}

it('Appendix B: the example of the RFC', async () => {
  expect(await digestOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  );
});

it('4.2: S256 is mandatory to implement on the server', async () => {
  const journey = await beginJourney();
  const { verifier, parameters } = await newProof();
  const answer = await redeem(journey, await codeOf(journey, parameters), { code_verifier: verifier });
  expect(answer.status).toBe(200);
});

it.each([43, 128])('4.1: a verifier of %i characters is taken', async (length) => {
  const journey = await beginJourney();
  const { verifier, parameters } = await newProof('a~._-Z09'.repeat(16).slice(0, length));
  const answer = await redeem(journey, await codeOf(journey, parameters), { code_verifier: verifier });
  expect(answer.status).toBe(200);
});

it.each(['a'.repeat(42), 'a'.repeat(129), `${'a'.repeat(42)}=`])(
  '4.2: a challenge is 43 to 128 unreserved characters, not %s',
  async (code_challenge) => {
    const journey = await beginJourney();
    const error = await requestError(journey, { code_challenge, code_challenge_method: 'S256' });
    expect(error).toBe('invalid_request');
  },
);

it('4.3: plain, named or by default, is refused, as OAuth 2.0 Security BCP section 2.1.1 has it', async () => {
  const journey = await beginJourney();
  const code_challenge = 'a'.repeat(43);
  expect(await requestError(journey, { code_challenge })).toBe('invalid_request');
  expect(await requestError(journey, { code_challenge, code_challenge_method: 'plain' })).toBe(
    'invalid_request',
  );
});

it('4.4.1: if the transformation is not supported, the server MUST return the error invalid_request', async () => {
  const journey = await beginJourney();
  const changes = { code_challenge: 'a'.repeat(43), code_challenge_method: 'S512' };
  expect(await requestError(journey, changes)).toBe('invalid_request');
});

it('4.4: the server MUST NOT include the code_challenge in a form that other entities can extract', async () => {
  const journey = await beginJourney();
  const { parameters } = await newProof();
  const login = await journey.browser().get(journey.url(parameters));
  expect(login.html).not.toContain(parameters.code_challenge);
});

it.each<[string, Record<string, string>]>([
  ['none', {}],
  ['another', { code_verifier: 'b'.repeat(43) }],
])('4.6: if the values are not equal, invalid_grant MUST be returned: %s', async (_name, parameters) => {
  const journey = await beginJourney();
  const proof = await newProof();
  const answer = await redeem(journey, await codeOf(journey, proof.parameters), parameters);
  expect(await tokenError(answer)).toBe('400 invalid_grant');
});

it('a verifier without a challenge is refused (RFC 9700 section 4.8.2: no downgrade)', async () => {
  const journey = await beginJourney();
  const answer = await redeem(journey, await codeOf(journey), { code_verifier: newSecret() });
  expect(await tokenError(answer)).toMatch(/^400 invalid_/);
});
