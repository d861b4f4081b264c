/**
 * Writes down what is done for an organisation, in its own chain. D1: one read and one batch, which also makes the change;
 * both again when another row came between. Objects: none.
 */
import { violatedConstraint } from '#bank/constraint.ts';
import { type Deed, type Doer, nextAuditRow, renderDetail } from '#developers/audit.ts';
import { type DeedParts, holdsDeed, insertDeed, readAuditEnd } from '#developers/developer-deed.store.ts';
import { addToChain } from '#edge/chain.flow.ts';
import type { Scope } from '#edge/scope.ts';

/** The parts of a member that the log names. */
interface NamedMember {
  readonly developer: { readonly developerId: string; readonly email: string };
  readonly organisation: { readonly organisationId: string };
}

/** A member as the doer of a deed, for the organisation they have chosen. */
export function doerOf({ developer, organisation }: NamedMember): Doer {
  return {
    organisationId: organisation.organisationId,
    actorId: developer.developerId,
    actor: developer.email,
  };
}

/**
 * Writes the row and makes the changes in one transaction; false, and nothing is written, where the condition does not
 * hold. For a change that is not in D1 call it first: nothing goes unrecorded.
 */
export function recordDeed(
  scope: Scope,
  doer: Doer,
  { action, subject, detail }: Deed,
  parts: DeedParts = {},
): Promise<boolean> {
  return addToChain(scope, {
    readEnd: () => readAuditEnd(scope.database, doer.organisationId),
    rowAfter: (end) =>
      nextAuditRow(end, {
        ...doer,
        at: scope.now,
        action,
        subject,
        detail: renderDetail(detail),
        source: scope.sourceAddress,
        requestId: scope.requestId,
      }),
    insert: (row) => insertDeed(scope.database, row, parts),
    holds: (row) => holdsDeed(scope.database, row),
    isTaken: (error) => violatedConstraint(error) === 'deed_chain',
  });
}
