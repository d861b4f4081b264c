/** Codes that a customer's journey over the pages led to, and what the token endpoint makes of them. */
import { answerOf, type Journey, MAIN_ACCOUNT, postDecision, REDIRECT_URI, reachConsent } from './journey.ts';
import { askToken } from './token-request.ts';

type Changes = Readonly<Record<string, string | undefined>>;

/** Hazel confirms; the code her client gets. */
export async function codeOf(journey: Journey, changes: Changes = {}, username = 'hazel'): Promise<string> {
  const browser = journey.browser();
  const consent = await reachConsent(browser, journey.url(changes), username);
  const accounts = 'consent_id' in changes && changes['consent_id'] === undefined ? [] : [MAIN_ACCOUNT];
  const answer = answerOf(await postDecision(browser, consent, 'approve', accounts));
  return answer['code'] ?? '';
}

export function redeem(
  journey: Journey,
  code: string,
  parameters: Record<string, string> = {},
): Promise<Response> {
  return askToken(journey.app, journey.client, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: REDIRECT_URI,
    ...parameters,
  });
}

export interface Tokens {
  readonly access_token: string;
  readonly id_token: string;
  readonly scope: string;
}

/** The tokens of a whole journey. */
export async function tokensOf(journey: Journey, changes: Changes = {}, username = 'hazel'): Promise<Tokens> {
  return (await redeem(journey, await codeOf(journey, changes, username))).json<Tokens>();
}
