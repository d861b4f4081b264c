/** A customer's browser as a test drives it: cookies, forms and redirects, without a window. */
import { env } from 'cloudflare:workers';
import type { TestApp } from './app.ts';

/** One page or redirect as the browser got it. */
export interface Landed {
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  /** Where a redirect leads. */
  readonly location: string | undefined;
  /** The hidden field of the page's form. */
  readonly interaction: string;
  /** `login`, `otp` or `consent`; undefined on a page without a form. */
  readonly form: string | undefined;
}

export interface Browser {
  get(url: string): Promise<Landed>;
  /** Posts a form as our own pages do, unless headers say otherwise. A field may have several values. */
  post(
    path: string,
    fields: Readonly<Record<string, string | readonly string[]>>,
    headers?: Readonly<Record<string, string | null>>,
  ): Promise<Landed>;
  /** Follows a redirect to our own next page; any other answer is returned as it is. */
  follow(landed: Landed): Promise<Landed>;
  readonly cookies: Map<string, string>;
  /** A browser with the same cookies now, and its own from here on. */
  copy(): Browser;
}

function hiddenField(html: string): string {
  return (
    /name="interaction"[^>]*value="([^"]*)"|value="([^"]*)"[^>]*name="interaction"/.exec(html)?.[1] ?? ''
  );
}

export function testBrowser(app: TestApp, given: ReadonlyMap<string, string> = new Map()): Browser {
  const cookies = new Map(given);

  function keepCookies(headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [pair = ''] = line.split(';', 1);
      const [name = '', value = ''] = pair.split('=');
      if (/max-age=0/i.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
  }

  async function send(path: string, init: RequestInit): Promise<Landed> {
    const headers = new Headers(init.headers);
    if (cookies.size > 0) headers.set('cookie', [...cookies].map((pair) => pair.join('=')).join('; '));
    const answer = await app.request(path, { ...init, headers, redirect: 'manual' });
    keepCookies(answer.headers);
    const html = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      html,
      location: answer.headers.get('location') ?? undefined,
      interaction: hiddenField(html),
      form: /<form id="(\w+)"/.exec(html)?.[1],
    };
  }

  const browser: Browser = {
    cookies,
    get: (url) => send(url, {}),
    post(path, fields, headers = {}) {
      const body = new URLSearchParams();
      for (const [name, value] of Object.entries(fields)) {
        for (const one of typeof value === 'string' ? [value] : value) body.append(name, one);
      }
      const all = new Headers({ 'content-type': 'application/x-www-form-urlencoded', origin: env.ISSUER });
      for (const [name, value] of Object.entries(headers)) {
        if (value === null) all.delete(name);
        else all.set(name, value);
      }
      return send(path, { method: 'POST', body: body.toString(), headers: all });
    },
    async follow(landed) {
      const next = landed.location;
      return next?.startsWith(`${env.ISSUER}/`) === true ? browser.get(next) : landed;
    },
    copy: () => testBrowser(app, cookies),
  };
  return browser;
}
