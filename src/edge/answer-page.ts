/** Sends a page: HTML that nobody caches, frames, or runs scripts of others in. */
import type { Context } from 'hono';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { AppEnv } from '#edge/scope.ts';

export interface PageAnswer {
  readonly status?: ContentfulStatusCode;
  /**
   * Where a form of the page may lead: `self` (default), or on to the `client` it came from. Chromium holds every hop
   * after a post to this, the client's own onward redirects too, so `client` allows every https address.
   */
  readonly formAction?: 'self' | 'client';
  /** With `client`: its redirect URI is http on a loopback host (sandbox only). */
  readonly loopback?: boolean;
  /** Allows scripts of our own assets (`own`), or what the API reference's viewer needs beside (`reference`). */
  readonly scripts?: 'own' | 'reference';
}

/** An element. No view waits for anything, so it is text at once, whatever the type allows. */
type Node = HtmlEscapedString | Promise<HtmlEscapedString>;

function formSources({ formAction, loopback }: PageAnswer): string {
  if (formAction !== 'client') return "'self'";
  return loopback === true ? "'self' https: http:" : "'self' https:";
}

const PLAIN = ["style-src 'self'", "img-src 'self'"];

/** What a page may load. The viewer of the reference writes styles into the page and asks for the OpenAPI document. */
const SOURCES = {
  none: PLAIN,
  own: [...PLAIN, "script-src 'self'"],
  reference: [
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "script-src 'self'",
    "connect-src 'self'",
  ],
} as const;

function contentPolicy(answer: PageAnswer): string {
  return [
    "default-src 'none'",
    ...SOURCES[answer.scripts ?? 'none'],
    `form-action ${formSources(answer)}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}

/** Headers of every page, whatever its content policy. */
export const PAGE_HEADERS = {
  'Cache-Control': 'no-store',
  // `no-referrer` would make browsers post forms with `Origin: null`, which the Origin check has to refuse.
  'Referrer-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const;

/** Answers with a page (a `Page` element), its status 200 unless given. */
export function answerPage<E extends AppEnv>(
  c: Context<E>,
  node: Node,
  answer: PageAnswer = {},
): Response | Promise<Response> {
  for (const [name, value] of Object.entries(PAGE_HEADERS)) c.header(name, value);
  c.header('Content-Security-Policy', contentPolicy(answer));
  return c.html(`<!doctype html>${node as HtmlEscapedString}`, answer.status ?? 200);
}

/** 303: the next request is a GET, and carries nothing of what was posted (RFC 9700 section 4.12). */
export function seeOther<E extends AppEnv>(c: Context<E>, url: string): Response {
  for (const [name, value] of Object.entries(PAGE_HEADERS)) c.header(name, value);
  c.header('Location', url);
  return c.body(null, 303);
}
