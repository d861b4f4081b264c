/**
 * Begins an organisation's sandbox again: a new tenant, and an end to every consent. D1: a read and a batch for its row in
 * the audit log, the same for the tenant, then a read a page of consents. Objects: one a consent.
 */
import { endConsentsOfOrganisation } from '#consents/end-consent.flow.ts';
import type { Doer } from '#developers/audit.ts';
import { recordDeed } from '#developers/record-deed.flow.ts';
import type { OutboxHandler, OutboxHandlers } from '#edge/outbox.flow.ts';
import { outboxStatement } from '#edge/outbox.statements.ts';
import type { Scope } from '#edge/scope.ts';
import { replaceTenant } from '#sandbox/tenants.flow.ts';

const RESET_TOPIC = 'sandbox.reset';
/** Consents ended before the answer; what is left of them ends with the outbox, within minutes. */
const ENDED_AT_ONCE = 500;
/** Consents ended in one delivery of the outbox. */
const ENDED_A_DELIVERY = 2_000;

const ENDING = { by: 'bank', note: 'the sandbox was reset' } as const;

export interface Reset {
  readonly consentsEnded: number;
  /** Whether no consent of before is left. */
  readonly done: boolean;
}

/** Resets the sandbox of the doer's organisation. Refuses nothing; may be run again. */
export async function resetSandbox(scope: Scope, doer: Doer): Promise<Reset> {
  const { database, now } = scope;
  const { organisationId } = doer;
  await recordDeed(scope, doer, { action: 'sandbox.reset', subject: organisationId, detail: {} });
  // The outbox ends what this request does not come to: more consents than it may, or a crash on the way.
  const later = outboxStatement(database, { topic: RESET_TOPIC, subject: organisationId, payload: {}, now });
  await replaceTenant(scope, organisationId, [later]);
  const { ended, done } = await endConsentsOfOrganisation(scope, organisationId, {
    ...ENDING,
    createdTo: now,
    maximum: ENDED_AT_ONCE,
  });
  return { consentsEnded: ended, done };
}

const endResetConsents: OutboxHandler = async (scope, { subject, createdAt }) => {
  const { done } = await endConsentsOfOrganisation(scope, subject, {
    ...ENDING,
    // Consents made in the second of the reset may be newer than it: the request itself saw to them.
    createdTo: createdAt - 1,
    maximum: ENDED_A_DELIVERY,
  });
  if (!done) throw new Error('more consents of before the reset are left');
};

/** What the outbox delivers to this room. */
export const RESET_HANDLERS: OutboxHandlers = { [RESET_TOPIC]: endResetConsents };
