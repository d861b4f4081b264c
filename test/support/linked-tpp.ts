/** A TPP whose customer has consented: registered, authorized and holding tokens, all through the API itself. */
import type { Permission } from '#consents/consent.ts';
import type { TestApp } from './app.ts';
import { JOINT_ACCOUNT, MAIN_ACCOUNT } from './journey.ts';
import { type Members, newTpp, type Tpp, type TppParts } from './tpp.ts';

export interface LinkParts extends TppParts {
  readonly permissions?: readonly Permission[];
  readonly accounts?: readonly string[];
  readonly customer?: string;
  /** The body of POST /consents, unless it is one to read accounts; `scope` is to fit it. */
  readonly consent?: Members;
  readonly scope?: string;
}

export interface LinkedTpp extends Tpp {
  /** Of the client itself, scope `consents`. */
  readonly ownToken: string;
  readonly consentId: string;
  readonly code: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly idToken: string;
  /** Headers of a call under the consent. */
  readonly headers: Readonly<Record<string, string>>;
}

type Tokens = Record<'access_token' | 'refresh_token' | 'id_token', string>;

async function created<T>(answer: Response): Promise<T> {
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  return answer.json<T>();
}

/** A token of the client itself. */
export async function ownTokenOf(app: TestApp, tpp: Tpp, scope = 'consents'): Promise<string> {
  const parameters = { grant_type: 'client_credentials', scope, ...(await tpp.credentials()) };
  return (await created<Tokens>(await app.sendForm('/oauth/token', parameters))).access_token;
}

/** From nothing to a linked account. */
export async function linkTpp(app: TestApp, parts: LinkParts = {}): Promise<LinkedTpp> {
  const tpp = await newTpp(app, parts);
  const ownToken = await ownTokenOf(app, tpp);
  const { consent_id: consentId } = await created<{ consent_id: string }>(
    await app.sendJson(
      '/open-banking/v1/consents',
      parts.consent ?? {
        consent_type: 'account-access',
        permissions: parts.permissions ?? ['ReadAccounts', 'ReadBalances', 'ReadTransactions'],
      },
      { headers: { authorization: `Bearer ${ownToken}` } },
    ),
  );
  const { redirect_uri } = await created<{ redirect_uri: string }>(
    await app.sendJson(
      `/sandbox/consents/${consentId}/authorize`,
      {
        customer: parts.customer ?? 'hazel',
        accounts: parts.accounts ?? [MAIN_ACCOUNT, JOINT_ACCOUNT],
        decision: 'approve',
        redirect_uri: tpp.redirectUri,
        response_type: 'code',
        scope: parts.scope ?? 'openid accounts transactions',
        state: 'linked',
      },
      { headers: { authorization: `Bearer ${tpp.organisation.apiKey}` } },
    ),
  );
  const code = new URL(redirect_uri).searchParams.get('code') ?? '';
  const tokens = await created<Tokens>(
    await app.sendForm('/oauth/token', {
      grant_type: 'authorization_code',
      code,
      redirect_uri: tpp.redirectUri,
      ...(await tpp.credentials()),
    }),
  );
  return {
    ...tpp,
    ownToken,
    consentId,
    code,
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token,
    idToken: tokens.id_token,
    headers: { authorization: `Bearer ${tokens.access_token}`, 'x-consent-id': consentId },
  };
}
