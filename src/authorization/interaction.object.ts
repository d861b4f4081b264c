/**
 * One authorization in progress: keeps its interaction and makes each move on it as one synchronous step. Its id is the
 * request_uri's. Reading what was never written writes nothing.
 */
import { DurableObject } from 'cloudflare:workers';
import type { AuthorizationRequest } from '#authorization/authorization-request.ts';
import {
  FORM_LIFETIME_SECONDS,
  INTERACTION_SECONDS,
  type Interaction,
  type Opening,
  pushInteraction,
  REQUEST_URI_LIFETIME_SECONDS,
  viewInteraction,
} from '#authorization/interaction.ts';
import {
  acceptPassword,
  finishInteraction,
  type LogIn,
  leaveInteraction,
  type Move,
  refusePassword,
  returnPassword,
  takeInteraction,
  tryCode,
  tryPassword,
} from '#authorization/interaction-moves.ts';
import { systemClock } from '#edge/system-clock.ts';
import { toSeconds } from '#kernel/time.ts';

const KEY = 'interaction';
/** Longer than any of its forms can be posted, so that an ended interaction never looks like one not begun. */
const KEPT_MS = (REQUEST_URI_LIFETIME_SECONDS + INTERACTION_SECONDS + FORM_LIFETIME_SECONDS) * 1000;

export class InteractionObject extends DurableObject<Env> {
  #read(): Interaction | undefined {
    return this.ctx.storage.kv.get<Interaction>(KEY);
  }

  #write(next: Interaction): void {
    const isFirst = this.#read() === undefined;
    this.ctx.storage.kv.put(KEY, next);
    // By this object's own clock. Commits with the write; a failure resets the object, so nobody waits for it.
    if (isFirst) void this.ctx.storage.setAlarm(systemClock.nowMs() + KEPT_MS);
  }

  #move<Answer>({ answer, next }: Move<Answer>): Answer {
    if (next !== undefined) this.#write(next);
    return answer;
  }

  /** Keeps a pushed request. Repeating it does no harm. */
  push(nowMs: number, request: AuthorizationRequest): void {
    if (this.#read() === undefined) this.#write(pushInteraction(request, toSeconds(nowMs)));
  }

  view(nowMs: number, browser: string | undefined): ReturnType<typeof viewInteraction> {
    return viewInteraction(this.#read(), browser, toSeconds(nowMs));
  }

  tryPassword(nowMs: number, opening: Opening, browser: string | undefined) {
    return this.#move(tryPassword(this.#read(), opening, browser, toSeconds(nowMs)));
  }

  refusePassword() {
    return this.#move(refusePassword(this.#read()));
  }

  returnPassword() {
    this.#move(returnPassword(this.#read()));
  }

  acceptPassword(nowMs: number, login: LogIn) {
    return this.#move(acceptPassword(this.#read(), login, toSeconds(nowMs)));
  }

  tryCode(nowMs: number, browser: string | undefined, digest: string | undefined) {
    return this.#move(tryCode(this.#read(), browser, digest, toSeconds(nowMs)));
  }

  finish(nowMs: number, browser: string | undefined, by: string) {
    return this.#move(finishInteraction(this.#read(), browser, by, toSeconds(nowMs)));
  }

  leave(nowMs: number, opening: Opening, browser: string | undefined, by: string) {
    return this.#move(leaveInteraction(this.#read(), opening, browser, by, toSeconds(nowMs)));
  }

  take(nowMs: number, by: string) {
    return this.#move(takeInteraction(this.#read(), by, toSeconds(nowMs)));
  }

  override async alarm(): Promise<void> {
    await this.ctx.storage.deleteAll();
  }
}
