/** Pages that add and remove the account's own passkeys. */
import type { Hono } from 'hono';
import { ACCOUNT_PATHS, pathDone } from '#developers/accounts.ts';
import { askNewPasskey } from '#developers/ask-passkey.flow.ts';
import { answerBoard, withForm } from '#developers/board.guard.tsx';
import type { AccountContext } from '#developers/board.pages.tsx';
import { DashboardPage } from '#developers/dashboard.view.tsx';
import type { MailerOf } from '#developers/mailer.ts';
import { type DeveloperEnv, requireDeveloper } from '#developers/member.guard.tsx';
import { removePasskey } from '#developers/own-passkeys.flow.ts';
import { Note, ProblemSummary } from '#developers/parts.view.tsx';
import { PASSKEY_NAME_MAXIMUM } from '#developers/passkey.ts';
import { NewPasskeyForm, PASSKEY_FAILURE, PASSKEY_SCRIPTS } from '#developers/passkey.view.tsx';
import { addPasskey } from '#developers/passkey-ceremony.flow.ts';
import { frameMemberOf } from '#developers/security.pages.tsx';
import { siteOf } from '#developers/site.ts';
import { answerStop } from '#developers/stop.guard.tsx';
import { seeOther } from '#edge/answer-page.ts';
import { makeRoutes } from '#edge/routes.ts';
import { cleanName } from '#kernel/text.ts';

const DEFAULT_NAME = 'Passkey';

/** With the name of one that was not added. */
async function answerNew(c: AccountContext, failed?: string): Promise<Response> {
  const { scope, developer } = c.var;
  const form = await askNewPasskey(scope, developer);
  if (form === undefined) return answerStop(c, 'no_page', 'no passkeys on this host');
  const page = (
    <DashboardPage
      site={siteOf(scope)}
      member={frameMemberOf(c.var)}
      title="Add a passkey"
      current="/dashboard/security"
      scripts={PASSKEY_SCRIPTS}
      failed={failed !== undefined}
    >
      <ProblemSummary topic="accounts" errors={failed === undefined ? [] : [{ message: PASSKEY_FAILURE }]} />
      <p>Your browser asks where to keep it, then for your fingerprint, face or PIN.</p>
      <NewPasskeyForm form={form} name={failed ?? DEFAULT_NAME} />
      <Note>
        <p>We tell {developer.email} about it.</p>
      </Note>
    </DashboardPage>
  );
  return answerBoard(c, page);
}

const postNew = (mailerOf: MailerOf) =>
  withForm<DeveloperEnv>(async (c, field) => {
    const { scope } = c.var;
    const name = cleanName(field('name'), PASSKEY_NAME_MAXIMUM) || DEFAULT_NAME;
    const added = await addPasskey(scope, mailerOf(scope), c.var, name, field);
    return added ? seeOther(c, pathDone(ACCOUNT_PATHS.security, 'passkey')) : answerNew(c, name);
  });

const postRemove = (mailerOf: MailerOf) =>
  withForm<DeveloperEnv>(async (c, field) => {
    const { scope } = c.var;
    const removed = await removePasskey(scope, mailerOf(scope), c.var, field('credential_id'));
    return seeOther(c, pathDone(ACCOUNT_PATHS.security, `passkey-${removed}`));
  });

export function passkeyPages(mailerOf: MailerOf): Hono<DeveloperEnv> {
  const pages = makeRoutes<DeveloperEnv>();
  const proved = requireDeveloper({ confirmed: true });
  pages.get(ACCOUNT_PATHS.passkeys, proved, (c) => answerNew(c));
  pages.post(ACCOUNT_PATHS.passkeys, proved, postNew(mailerOf));
  pages.post(ACCOUNT_PATHS.removePasskey, proved, postRemove(mailerOf));
  return pages;
}
