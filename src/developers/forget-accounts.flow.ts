/** Scheduled: forgets links and sessions that are over. D1: two writes. Objects: none. */
import { deletePastSessions } from '#developers/session.store.ts';
import { deleteEndedTokens } from '#developers/token.store.ts';
import type { Scope } from '#edge/scope.ts';

/** Harmless to repeat. A sign-up that nobody confirmed goes with its link, seven days after that ended. */
export async function forgetEnded({ database, now }: Scope): Promise<void> {
  await deleteEndedTokens(database, now);
  await deletePastSessions(database, now);
}
