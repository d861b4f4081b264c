/** Where an authorization answers to: the client's redirect URI and state, and the URL an answer makes of them. */
import { ERRORS, type ErrorCode } from '#kernel/errors.ts';
import type { Refusal } from '#kernel/result.ts';

export interface ReturnAddress {
  readonly redirectUri: string;
  readonly state?: string | undefined;
}

/** What the client is told: a code, or why there is none (in the registry's words unless `message` is more exact). */
export type AuthorizationAnswer =
  | { readonly code: string }
  | { readonly error: ErrorCode; readonly message?: string | undefined };

/** The answer that a refusal makes. */
export function answerOf({ code, message }: Refusal): AuthorizationAnswer {
  return { error: code, message };
}

/** How many bytes of that URL a value takes. */
export function encodedLength(value: string): number {
  return new URLSearchParams([['', value]]).toString().length - '='.length;
}

/**
 * The URL an answer is sent to: `code`, or `error` and `error_description`, then `state` exactly as it came, and `iss`.
 * The redirect URI stays as registered, its own query included. Source: RFC 6749 section 4.1.2, RFC 9207 section 2.
 */
export function renderReturn(issuer: string, address: ReturnAddress, answer: AuthorizationAnswer): string {
  const parameters = new URLSearchParams();
  if ('code' in answer) {
    parameters.set('code', answer.code);
  } else {
    parameters.set('error', answer.error);
    parameters.set('error_description', answer.message ?? ERRORS[answer.error].message);
  }
  if (address.state !== undefined) parameters.set('state', address.state);
  parameters.set('iss', issuer);
  const { redirectUri } = address;
  const joint = !redirectUri.includes('?') ? '?' : /[?&]$/.test(redirectUri) ? '' : '&';
  return `${redirectUri}${joint}${parameters.toString()}`;
}
