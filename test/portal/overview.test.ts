/** The dashboard's first page and the page about production, as their readers find them. */
import { expect, it } from 'vitest';
import { testApp } from '../support/app.ts';
import { signUpMember, type TestMember } from '../support/developers.ts';
import { PRODUCTION } from '../support/production.ts';
import { deliver, entryOf, messageOf } from '../support/requests.ts';
import { makeClient } from '../support/test-client.ts';

async function textOf(member: TestMember, path: string, app = testApp()): Promise<string> {
  const answer = await app.request(path, { headers: member.headers });
  expect(answer.status).toBe(200);
  return answer.text();
}

it('leads a newcomer to the first application', async () => {
  const member = await signUpMember();
  const text = await textOf(member, '/dashboard');
  expect(text).toContain('href="/dashboard/applications/new"');
  expect(text).toContain('None yet');
  expect(text).toContain('hazel');
  expect(text).not.toContain('class="done"');
});

it('tells a viewer whom to ask', async () => {
  const viewer = await signUpMember({ role: 'viewer' });
  const text = await textOf(viewer, '/dashboard');
  expect(text).not.toContain('href="/dashboard/applications/new"');
  expect(text).toContain('Your role reads only');
});

it('shows the commands of the newest application, and what is done', async () => {
  const member = await signUpMember();
  const { organisationId } = member.organisation;
  const client = await makeClient({ organisationId });
  const app = testApp();
  const before = await textOf(member, '/dashboard', app);
  expect(before).toContain(`CLIENT_ID=${client.clientId}`);
  expect(before.match(/class="done"/g)).toHaveLength(1);
  await app.sendForm('/oauth/token', { grant_type: 'client_credentials', ...(await client.credentials()) });
  const after = await textOf(member, '/dashboard', app);
  expect(after.match(/class="done"/g)).toHaveLength(2);
});

it('folds the steps away once a call for a customer has got something', async () => {
  const member = await signUpMember();
  const { organisationId } = member.organisation;
  const client = await makeClient({ organisationId });
  const app = testApp();
  await app.sendForm('/oauth/token', { grant_type: 'client_credentials', ...(await client.credentials()) });
  const call = { organisationId, clientId: client.clientId };
  await deliver([messageOf([entryOf({ ...call, status: 404, code: 'account_not_found' })])]);
  expect(await textOf(member, '/dashboard', app)).not.toContain('all done');
  await deliver([messageOf([entryOf(call)])]);
  const text = await textOf(member, '/dashboard', app);
  expect(text).toContain('First steps, all done');
  expect(text).toContain('href="/dashboard/usage">2<');
});

it('knows nothing of the applications of others', async () => {
  const member = await signUpMember();
  const other = await signUpMember();
  const { clientId } = await makeClient({ organisationId: other.organisation.organisationId });
  expect(await textOf(member, '/dashboard')).not.toContain(clientId);
});

it('says in the sandbox what production asks for', async () => {
  const member = await signUpMember();
  expect(await textOf(member, '/dashboard/production')).toContain('no application in the sandbox yet');
  await makeClient({ organisationId: member.organisation.organisationId });
  const text = await textOf(member, '/dashboard/production');
  expect(text).not.toContain('no application in the sandbox yet');
  // Keys within the statement are taken there too: an address for them is better, not missing.
  expect(text.match(/>(Missing|Advised)</g)).toEqual(['>Advised<']);
  expect(text).toContain('Nothing that the sandbox can tell is missing.');
});

it('says in production how far it is to a live key, and has no test customers', async () => {
  const production = testApp({ origin: PRODUCTION.ISSUER, bindings: PRODUCTION });
  const member = await signUpMember({ issuer: PRODUCTION.ISSUER });
  const text = await textOf(member, '/dashboard/production', production);
  expect(text).toContain('PRODUCTION');
  expect(text).toContain('https://directory.example');
  expect(text.match(/>Missing</g)).toHaveLength(1);
  expect(await textOf(member, '/dashboard', production)).not.toContain('hamster-wheel');
});

it('leads to the other environment where one is configured', async () => {
  const member = await signUpMember();
  expect(await textOf(member, '/dashboard')).not.toContain('Go to production');
  const app = testApp({ bindings: { OTHER_ENVIRONMENT_URL: 'https://api.hamsterbank.ai' } });
  expect(await textOf(member, '/dashboard', app)).toContain('href="https://api.hamsterbank.ai/dashboard"');
});
