/** The port to whoever delivers e-mail, and its messages. */
import type { Scope } from '#edge/scope.ts';
import type { Result } from '#kernel/result.ts';

export interface Message {
  /** As `normaliseEmail` makes it. */
  readonly to: string;
  readonly subject: string;
  /** Plain text; links stand on lines of their own. */
  readonly text: string;
}

export interface Mailer {
  /** Refuses with `service_unavailable`, whose reason names no address. */
  send(scope: Scope, message: Message): Promise<Result<void>>;
}

/** The deployment's mailer; refuses with `service_unavailable` where none is configured: then nobody can sign up. */
export type MailerOf = (scope: Scope) => Result<Mailer>;
