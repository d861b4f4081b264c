/** A customer's decision whose answer is lost: it is learnt, not left open. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { approveConsent, denyConsent, grantIdentity } from '#consents/decide-consent.flow.ts';
import { readConsent } from '#consents/read-consent.flow.ts';
import { redeemCode } from '#consents/redeem-grant.flow.ts';
import { awaitingConsent, codeBinding, REDIRECT_URI } from '../support/consents.ts';
import { testScope } from '../support/scope.ts';

/** A namespace whose objects do what they are asked, but whose first answer is lost on the way. */
function losingFirstAnswer(namespace: DurableObjectNamespace) {
  let calls = 0;
  return {
    newUniqueId: () => namespace.newUniqueId(),
    idFromString: (text: string) => namespace.idFromString(text),
    get(id: DurableObjectId) {
      const stub = namespace.get(id) as unknown as Record<string, (request: unknown) => Promise<unknown>>;
      return new Proxy(stub, {
        get: (_stub, name) => async (request: unknown) => {
          const answer = await stub[String(name)]?.(request);
          calls += 1;
          if (calls === 1) throw Object.assign(new Error('lost'), { durableObjectReset: true });
          return answer;
        },
      });
    },
  };
}

const WHO = { tenantId: 'tenant', customerId: 'customer' };

function redemption(clientId: string, code: string) {
  return {
    code,
    clientId,
    redirectUri: REDIRECT_URI,
    codeVerifier: undefined,
    wantsRefresh: false,
    clientScopes: ['openid', 'accounts'],
  };
}

describe('when the first answer is lost', () => {
  it('an approval still brings the code of the consent it authorized', async () => {
    const scope = testScope({ bindings: { CONSENTS: losingFirstAnswer(env.CONSENTS) } });
    const { consentId, clientId } = await awaitingConsent(testScope());
    const binding = codeBinding(scope, { clientId });
    const approved = await approveConsent(scope, { consentId, ...WHO, accountIds: ['account'], binding });
    if (!approved.ok) throw new Error(approved.refusal.reason);
    expect((await redeemCode(testScope(), redemption(clientId, approved.value.code))).ok).toBe(true);
  });

  it('a denial is known to have been one', async () => {
    const scope = testScope({ bindings: { CONSENTS: losingFirstAnswer(env.CONSENTS) } });
    const { consentId, clientId } = await awaitingConsent(testScope());
    expect(await denyConsent(scope, { consentId, clientId, ...WHO })).toMatchObject({ ok: true });
    expect((await readConsent(testScope(), consentId))?.status).toBe('rejected');
  });

  it('an identity-only grant still has its code', async () => {
    const scope = testScope({
      bindings: { IDENTITY_GRANTS: losingFirstAnswer(env.IDENTITY_GRANTS) },
    });
    const binding = codeBinding(scope, { scopes: ['openid'] });
    const granted = await grantIdentity(scope, { ...WHO, binding });
    if (!granted.ok) throw new Error(granted.refusal.reason);
    expect((await redeemCode(testScope(), redemption(binding.clientId, granted.value.code))).ok).toBe(true);
  });
});
