/** Shows the mail of a local sandbox; anywhere else the page does not exist. */
import type { Hono } from 'hono';
import { siteOf } from '#developers/site.ts';
import { answerPage } from '#edge/answer-page.ts';
import { answerRefusal } from '#edge/answers.ts';
import { makeRoutes } from '#edge/routes.ts';
import type { AppEnv } from '#edge/scope.ts';
import { refuse } from '#kernel/result.ts';
import { listMessages } from '#sandbox/mailbox.flow.ts';
import { MailboxView } from '#sandbox/mailbox.view.tsx';

export function mailboxPages(): Hono<AppEnv> {
  const pages = makeRoutes();
  pages.get('/dev/mail', async (c) => {
    const { scope } = c.var;
    if (!scope.isLocal) {
      return answerRefusal(c, refuse('not_found', 'local mailbox outside a local sandbox').refusal);
    }
    const messages = await listMessages(scope);
    return answerPage(c, <MailboxView site={siteOf(scope)} messages={messages} />, { scripts: 'own' });
  });
  return pages;
}
