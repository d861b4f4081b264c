/** Outbound HTTP: which URLs are fetched, and what of an answer is taken. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { checkOutboundUrl, fetchJson } from '#edge/outbound.ts';
import { testScope } from '../support/scope.ts';

const PUBLIC = {
  isLocal: false,
  settings: { issuer: 'https://api.hamsterbank.ai', developerHost: 'developer.hamsterbank.ai' },
};
const LOCAL = { isLocal: true, settings: { issuer: 'http://localhost:8787', developerHost: undefined } };
const KEYS = 'https://keys.tpp.example/jwks';

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function stubFetch(answer: (url: URL, init: RequestInit) => Response | Promise<Response>) {
  return vi
    .spyOn(globalThis, 'fetch')
    .mockImplementation(async (input, init) => answer(input as URL, init as RequestInit));
}

describe('a URL', () => {
  it.each([
    'https://keys.tpp.example/jwks',
    'https://keys.tpp.example:443/jwks?a=b#c',
    'https://KEYS.tpp.EXAMPLE/',
    'https://xn--bcher-kva.example/jwks',
    'https://my.localhost.example/',
    'https://nothamsterbank.ai/',
    'https://hamsterbank.ai/',
  ])('%s may be fetched', (url) => {
    expect(checkOutboundUrl(url, PUBLIC)).toMatchObject({ ok: true });
  });

  it.each([
    ['', 'not a URL'],
    ['/jwks', 'not a URL'],
    [`https://keys.tpp.example/${'a'.repeat(2_000)}`, 'not a URL'],
    ['http://keys.tpp.example/jwks', 'not https'],
    ['ftp://keys.tpp.example/', 'not https'],
    ['file:///etc/passwd', 'not https'],
    ['data:application/json,{}', 'not https'],
    ['https://keys.tpp.example:8443/', 'port'],
    ['https://keys.tpp.example:80/', 'port'],
    ['https://me@keys.tpp.example/', 'user info'],
    ['https://me:secret@keys.tpp.example/', 'user info'],
    ['https://:secret@keys.tpp.example/', 'user info'],
    ['https://127.0.0.1/', 'IP literal'],
    ['https://127.0.0.1./', 'IP literal'],
    ['https://127.1/', 'IP literal'],
    ['https://2130706433/', 'IP literal'],
    ['https://0x7f000001/', 'IP literal'],
    ['https://0x7f.0.0.1/', 'IP literal'],
    ['https://0177.0.0.1/', 'IP literal'],
    ['https://%31%32%37.0.0.1/', 'IP literal'],
    ['https://１２７.０.０.１/', 'IP literal'],
    ['https://127。0。0。1/', 'IP literal'],
    ['https://169.254.169.254/latest/meta-data', 'IP literal'],
    ['https://8.8.8.8/', 'IP literal'],
    ['https://[::1]/', 'IP literal'],
    ['https://[::ffff:127.0.0.1]/', 'IP literal'],
    ['https://[2606:4700::1111]/', 'IP literal'],
    ['https://localhost/', 'full public name'],
    ['https://intranet/', 'full public name'],
    ['https://keys.tpp.example./', 'full public name'],
    ['https://printer.local/', 'public name'],
    ['https://a.localhost/', 'public name'],
    ['https://vault.internal/', 'public name'],
    ['https://VAULT.INTERNAL/', 'public name'],
    ['https://api.hamsterbank.ai/oauth/jwks', 'own host'],
    ['https://sandbox.api.hamsterbank.ai/oauth/jwks', 'own host'],
    ['https://developer.hamsterbank.ai/', 'own host'],
    ['https://auth.hamsterbank.ai/keys', 'own host'],
    ['https://AUTH.hamsterbank.ai/keys', 'own host'],
    ['https://x.auth.hamsterbank.ai/keys', 'own host'],
    ['http://localhost:9000/jwks', 'not https'],
  ])('%s is refused: %s', (url, reason) => {
    const checked = checkOutboundUrl(url, PUBLIC);
    expect(checked).toMatchObject({ ok: false, refusal: { reason: expect.stringContaining(reason) } });
  });

  it.each([
    'http://localhost:9000/jwks',
    'http://127.0.0.1:9000/',
    'http://[::1]:9000/',
    'https://localhost/',
  ])('%s may be fetched locally', (url) => {
    expect(checkOutboundUrl(url, LOCAL)).toMatchObject({ ok: true });
  });

  it.each([
    ['http://localhost:8787/oauth/jwks', 'own host'],
    ['http://keys.tpp.example/jwks', 'not https'],
    ['http://127.0.0.2:9000/', 'not https'],
    ['https://127.0.0.2/', 'IP literal'],
    ['http://me@localhost:9000/', 'user info'],
    ['ftp://localhost:9000/', 'not https'],
  ])('%s is refused locally too: %s', (url, reason) => {
    expect(checkOutboundUrl(url, LOCAL)).toMatchObject({
      ok: false,
      refusal: { reason: expect.stringContaining(reason) },
    });
  });
});

describe('an answer', () => {
  it('is taken when it is JSON', async () => {
    const spy = stubFetch(() => Response.json({ keys: [] }));
    expect(await fetchJson(testScope(), KEYS)).toEqual({ ok: true, value: { keys: [] } });
    expect(spy.mock.calls[0]?.[1]).toMatchObject({ redirect: 'manual' });
  });

  it('of a URL that may not be fetched is never asked for', async () => {
    const spy = stubFetch(() => Response.json({}));
    expect(await fetchJson(testScope(), 'https://10.0.0.1/')).toMatchObject({ ok: false });
    expect(spy).not.toHaveBeenCalled();
  });

  it.each([
    ['a redirect', () => new Response(null, { status: 302, headers: { location: KEYS } }), 'status 302'],
    ['an error', () => new Response('secret page', { status: 500 }), 'status 500'],
    ['no content', () => new Response(null, { status: 204 }), 'status 204'],
    ['not JSON', () => new Response('<html>secret page</html>'), 'not JSON'],
    ['not UTF-8', () => new Response(new Uint8Array([0x22, 0xff, 0x22])), 'not JSON'],
    ['empty', () => new Response(null), 'not JSON'],
    ['too long', () => new Response(JSON.stringify('x'.repeat(65_535))), 'too long'],
  ])('that is %s is refused, telling nothing of it', async (_name, answer, reason) => {
    stubFetch(answer);
    const result = await fetchJson(testScope(), KEYS);
    expect(result).toMatchObject({ ok: false, refusal: { reason: expect.stringContaining(reason) } });
    expect(JSON.stringify(result)).not.toContain('secret page');
  });

  it('of exactly 64 KiB is taken', async () => {
    stubFetch(() => new Response(JSON.stringify('x'.repeat(65_534))));
    expect(await fetchJson(testScope(), KEYS)).toMatchObject({ ok: true });
  });

  it('is no longer read once it is too long, however long it would be', async () => {
    let pulled = 0;
    stubFetch(
      () =>
        new Response(
          new ReadableStream({
            pull(controller) {
              pulled += 1;
              controller.enqueue(new Uint8Array(16_384));
            },
          }),
        ),
    );
    expect(await fetchJson(testScope(), KEYS)).toMatchObject({
      ok: false,
      refusal: { reason: expect.stringContaining('too long') },
    });
    expect(pulled).toBeLessThan(10);
  });

  it('that fails to come is refused', async () => {
    stubFetch(() => {
      throw new TypeError('internal error; reference = abc');
    });
    expect(await fetchJson(testScope(), KEYS)).toMatchObject({ ok: false });
  });

  it.each([
    ['the headers', () => new Promise<Response>(() => {})],
    ['the body', () => new Response(new ReadableStream({ pull: () => new Promise(() => {}) }))],
  ])('is waited for 5 s in all: %s', async (_name, answer) => {
    vi.useFakeTimers();
    let aborted = false;
    stubFetch((_url, init) => {
      init.signal?.addEventListener('abort', () => {
        aborted = true;
      });
      return answer();
    });
    const result = fetchJson(testScope(), KEYS);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await result).toMatchObject({
      ok: false,
      refusal: { reason: expect.stringContaining('5000 ms') },
    });
    expect(aborted).toBe(true);
  });
});

describe('our other hosts', () => {
  const sandbox = { issuer: 'https://sandbox.api.hamsterbank.ai', developerHost: undefined };

  it.each([
    'https://sandbox.api.hamsterbank.ai/',
    'https://sandbox.auth.hamsterbank.ai/',
    'https://sandbox.developer.hamsterbank.ai/',
    'https://api.hamsterbank.ai/',
    'https://auth.hamsterbank.ai/',
    'https://developer.hamsterbank.ai/',
  ])('%s is refused in the sandbox', (url) => {
    expect(checkOutboundUrl(url, { isLocal: false, settings: sandbox })).toMatchObject({
      ok: false,
      refusal: { reason: expect.stringContaining('own host') },
    });
  });

  it.each(['https://keys.hamsterbank.ai/', 'https://hamsterbank.ai/', 'https://auth.example/'])(
    '%s is another host',
    (url) => {
      expect(checkOutboundUrl(url, { isLocal: false, settings: sandbox }).ok).toBe(true);
    },
  );

  it('follow only from an issuer whose host names its place', () => {
    const settings = { issuer: 'https://bank.example', developerHost: undefined };
    expect(checkOutboundUrl('https://auth.example/', { isLocal: false, settings }).ok).toBe(true);
  });
});
