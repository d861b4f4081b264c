/** The request log and usage as pages: what they show, of whom, and to whom. */
import { beforeAll, describe, expect, it } from 'vitest';
import { repeatCall } from '#portal/repeat-call.ts';
import type { LoggedRequest } from '#traffic/logged-request.ts';
import { testApp } from '../support/app.ts';
import { signUpMember, type TestMember } from '../support/developers.ts';
import { deliver, entryOf, messageOf } from '../support/requests.ts';
import { TEST_NOW_MS } from '../support/scope.ts';
import { makeClient } from '../support/test-client.ts';
import { newTpp, type Tpp } from '../support/tpp.ts';

const app = testApp();
let tpp: Tpp;
let member: TestMember;
let stranger: TestMember;
const requestId = crypto.randomUUID();

async function page(path: string, who: TestMember = member): Promise<{ status: number; text: string }> {
  const answer = await app.request(path, { headers: who.headers });
  return { status: answer.status, text: await answer.text() };
}

beforeAll(async () => {
  tpp = await newTpp(app);
  member = await signUpMember({ organisationId: tpp.organisation.organisationId, role: 'viewer' });
  stranger = await signUpMember();
  const own = { clientId: tpp.clientId };
  await deliver([
    messageOf([
      ...Array.from({ length: 30 }, (_, index) => entryOf({ ...own, atMs: TEST_NOW_MS - index * 1_000 })),
      entryOf({ ...own, status: 403, code: 'permission_denied', requestId }),
      entryOf({ ...own, status: 403, code: 'permission_denied', atMs: TEST_NOW_MS - 1 }),
      entryOf({ ...own, status: 429, code: 'rate_limit_exceeded' }),
    ]),
  ]);
});

describe('the request log', () => {
  it('shows calls with their application, and older ones behind a link', async () => {
    const first = await page('/dashboard/requests');
    expect(first.status).toBe(200);
    expect(first.text).toContain('Nutkin');
    expect(first.text.replaceAll('<wbr/>', '')).toContain('/open-banking/v1/accounts/{account_id}');
    expect(first.text).toContain('permission_denied');
    const older = /href="(\/dashboard\/requests\?cursor=[^"]+)"/.exec(first.text)?.[1] ?? '';
    const second = await page(older.replaceAll('&amp;', '&'));
    expect(second.status).toBe(200);
    expect(second.text).toContain('Newer');
    expect(second.text).not.toContain('permission_denied');
  });

  it('keeps what was asked for in its form and links', async () => {
    const { text } = await page('/dashboard/requests?status=4xx&code=permission_denied');
    expect(text).toMatch(/<option value="4xx" selected/);
    expect(text).toContain('value="permission_denied"');
    expect(text).not.toContain('rate_limit_exceeded');
    expect(text).toContain(
      'href="/dashboard/requests?status=4xx&amp;code=permission_denied&amp;show=errors"',
    );
  });

  it('offers each application by a name that tells it from the others, and keeps one that is no more there', async () => {
    const organisationId = tpp.organisation.organisationId;
    const others = await Promise.all([1, 2].map(() => makeClient({ organisationId, softwareName: 'Twin' })));
    const gone = crypto.randomUUID();
    const { text } = await page(`/dashboard/requests?client_id=${gone}`);
    expect(text).toContain(`<option value="${gone}" selected="">${gone}</option>`);
    for (const { clientId } of others) {
      expect(text).toContain(`<option value="${clientId}">Twin ${clientId.slice(0, 8)}</option>`);
    }
    expect(text).toContain(`<option value="${tpp.clientId}">Nutkin</option>`);
  });

  it('puts equal errors together, with their number and the way to them', async () => {
    const { text } = await page('/dashboard/requests?show=errors');
    expect(text).toMatch(/<a href="\/dashboard\/requests\?[^"]*code=permission_denied[^"]*">2<\/a>/);
    expect(text).toMatch(/<a href="\/dashboard\/requests\?[^"]*code=rate_limit_exceeded[^"]*">1<\/a>/);
    expect(text).toContain('/docs/errors#permission-denied');
  });

  it('says what is wrong with a filter, and leads to it', async () => {
    const { status, text } = await page('/dashboard/requests?from=yesterday&cursor=x');
    expect(status).toBe(400);
    expect(text).toContain('<a href="#from">From (UTC day) must be a date');
    expect((await page('/dashboard/requests?cursor=x')).text).toContain('begin again at its newest page');
  });

  it('shows one call with a command that makes it again', async () => {
    const { status, text } = await page(`/dashboard/requests/${requestId}`);
    expect(status).toBe(200);
    expect(text).toContain('permission_denied');
    expect(text).toContain('$BASE_URL/open-banking/v1/accounts/$ACCOUNT_ID');
    expect(text).toContain(requestId);
  });

  it('sends nobody to a page that their role does not include', async () => {
    const { organisationId } = stranger.organisation;
    const viewer = await signUpMember({ organisationId, role: 'viewer' });
    for (const path of ['/dashboard/requests', '/dashboard/usage', '/dashboard/production']) {
      expect((await page(path, stranger)).text).toContain('href="/dashboard/applications/new"');
      const { text } = await page(path, viewer);
      expect(text).not.toContain('href="/dashboard/applications/new"');
    }
  });

  it('has nothing of it for another organisation, and teaches a first call', async () => {
    expect((await page(`/dashboard/requests/${requestId}`, stranger)).status).toBe(404);
    const { text } = await page(`/dashboard/requests?client_id=${tpp.clientId}`, stranger);
    expect(text).toContain('No such calls');
    expect((await page('/dashboard/requests', stranger)).text).toContain('No calls yet');
    expect((await page('/dashboard/requests?show=errors', stranger)).text).toContain('No errors');
  });
});

describe('usage', () => {
  it('draws requests, errors and the rate limit, with the figures beside', async () => {
    const { status, text } = await page('/dashboard/usage');
    expect(status).toBe(200);
    expect(text).toContain('Rate limit: 100 a minute');
    expect(text).toContain('3 (9.1 %)');
    expect(text).toContain('100 of 100');
    expect(text.match(/role="img"/g)).toHaveLength(2);
    expect(text.replaceAll('<wbr/>', '')).toContain('</b> /open-banking/v1/accounts/{account_id}');
  });

  it.each(['7d', '30d'])('of %s and of one application', async (period) => {
    const { status, text } = await page(`/dashboard/usage?period=${period}&client_id=${tpp.clientId}`);
    expect(status).toBe(200);
    expect(text).toContain('Left this minute');
    // Words of 14 px take 7.2 px a letter; the picture is 780 px wide.
    const labels = [...text.matchAll(/<text x="(\d+)" y="242"[^>]*>([^<]+)</g)];
    const widest = Math.max(...labels.map(([, , label = '']) => label.length)) * 7.2;
    expect(labels.length).toBeGreaterThan(8);
    expect(Math.max(...labels.map(([, x]) => Number(x))) + widest).toBeLessThan(780);
  });

  it('leads from an error to the calls it counted: of the application and period that were chosen', async () => {
    const { text } = await page(`/dashboard/usage?client_id=${tpp.clientId}`);
    expect(text).toContain(
      `href="/dashboard/requests?client_id=${tpp.clientId}&amp;status=403&amp;code=permission_denied&amp;from=2026-11-21T13%3A00%3A00Z">2</a>`,
    );
    expect((await page('/dashboard/usage?period=30d')).text).toContain(
      'href="/dashboard/requests?status=429&amp;code=rate_limit_exceeded&amp;from=2026-10-24T00%3A00%3A00Z">1</a>',
    );
  });

  it('is empty for another organisation, which sees none of its applications', async () => {
    expect((await page('/dashboard/usage', stranger)).text).toContain('No calls in the last 24 hours');
    expect((await page(`/dashboard/usage?client_id=${tpp.clientId}`, stranger)).status).toBe(404);
    expect((await page('/dashboard/usage?period=1y')).status).toBe(400);
  });
});

describe('a command that makes a call again', () => {
  const call = (method: string, route: string, credential = 'token 1a2b3c4d'): LoggedRequest => ({
    entryId: 'e',
    atMs: 0,
    method,
    route,
    status: 200,
    code: null,
    durationMs: 1,
    requestId: 'r',
    clientId: 'c',
    credential,
  });

  it.each([
    ['GET', '/open-banking/v1/accounts/{account_id}', '$ACCESS_TOKEN', 'X-Consent-ID'],
    ['GET', '/open-banking/v1/consents/{consent_id}', '$CLIENT_TOKEN', '$CONSENT_ID'],
    ['POST', '/open-banking/v1/payments', 'Idempotency-Key', '-d @body.json'],
    ['POST', '/oauth/token', 'client_assertion=$CLIENT_ASSERTION', 'grant_type'],
    ['POST', '/oauth/par', 'client_assertion=$CLIENT_ASSERTION', 'redirect_uri=$REDIRECT_URI'],
    ['PUT', '/register/{client_id}', '$REGISTRATION_TOKEN', '/register/$CLIENT_ID'],
  ])('%s %s has %s and %s', (method, route, ...parts) => {
    const command = repeatCall(call(method, route));
    for (const part of parts) expect(command).toContain(part);
    expect(command).not.toMatch(/[{}]/);
  });

  it('of an API key has the key’s variable', () => {
    const command = repeatCall(call('POST', '/sandbox/reset', 'sk_sandbox_...abcd'));
    expect(command).toContain('Bearer $API_KEY');
    // curl ends where there is no such file.
    expect(command).not.toContain('body.json');
  });

  it('of a HEAD does not wait for a body', () => {
    expect(repeatCall(call('HEAD', '/open-banking/v1/consents'))).toMatch(/^curl -I "/);
  });
});
