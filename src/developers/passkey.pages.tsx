/** Pages of passkeys: sign-in and proof by one, and adding and removing the account's own. */
import type { Context, Hono } from 'hono';
import { ACCOUNT_PATHS } from '#developers/accounts.ts';
import { askNewPasskey } from '#developers/ask-passkey.flow.ts';
import { DashboardPage } from '#developers/dashboard.view.tsx';
import type { MailerOf } from '#developers/mailer.ts';
import { type DeveloperEnv, requireDeveloper, requireOwnPage } from '#developers/member.guard.tsx';
import { removePasskey } from '#developers/own-passkeys.flow.ts';
import { Note, ProblemSummary } from '#developers/parts.view.tsx';
import { PASSKEY_NAME_MAXIMUM } from '#developers/passkey.ts';
import { NewPasskeyForm, PASSKEY_FAILURE, PASSKEY_SCRIPTS } from '#developers/passkey.view.tsx';
import { addPasskey, confirmByPasskey, signInByPasskey } from '#developers/passkey-ceremony.flow.ts';
import { frameMemberOf } from '#developers/security.pages.tsx';
import { parseNext } from '#developers/session.ts';
import { putSessionCookie, readSessionCookie, visitOf } from '#developers/session-cookie.ts';
import { confirmPage, pathDone, readLimited, signInPage } from '#developers/sign-in.pages.tsx';
import { siteOf } from '#developers/site.ts';
import { answerRefused, answerStop, seeOther } from '#developers/stop.guard.tsx';
import { answerPage } from '#edge/answer-page.ts';
import { type Parameters, readForm } from '#edge/body.ts';
import { makeRoutes } from '#edge/routes.ts';
import type { AppEnv } from '#edge/scope.ts';
import { cleanName } from '#kernel/text.ts';

const DEFAULT_NAME = 'Passkey';

const postOf = (fields: Parameters) => ({
  sealed: fields.get('sealed') ?? '',
  response: fields.get('response') ?? '',
});

function postSignIn(c: Context<AppEnv>): Promise<Response> {
  return readLimited(c, async (fields) => {
    const next = parseNext(fields.get('next'));
    const cookie = await signInByPasskey(c.var.scope, postOf(fields), visitOf(c));
    if (cookie === undefined) return signInPage(c, next, { failure: PASSKEY_FAILURE });
    putSessionCookie(c, cookie);
    return seeOther(c, next);
  });
}

function postConfirm(c: Context<DeveloperEnv>): Promise<Response> {
  return readLimited(c, async (fields) => {
    const { scope, session } = c.var;
    const next = parseNext(fields.get('next'));
    const cookie = await confirmByPasskey(scope, session, postOf(fields), readSessionCookie(c) ?? '');
    if (cookie === undefined) return confirmPage(c, next, PASSKEY_FAILURE);
    putSessionCookie(c, cookie);
    return seeOther(c, next);
  });
}

async function newPasskeyPage(
  c: Context<DeveloperEnv>,
  failed?: { readonly name: string },
): Promise<Response> {
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
      <NewPasskeyForm form={form} name={failed?.name ?? DEFAULT_NAME} />
      <Note>
        <p>We tell {developer.email} about it.</p>
      </Note>
    </DashboardPage>
  );
  return answerPage(c as unknown as Context<AppEnv>, page, {
    scripts: 'own',
    status: failed === undefined ? 200 : 400,
  });
}

async function postNew(c: Context<DeveloperEnv>, mailerOf: MailerOf): Promise<Response> {
  const { scope } = c.var;
  const fields = await readForm(c);
  if (!fields.ok) return answerRefused(c, fields.refusal);
  const name = cleanName(fields.value.get('name') ?? '', PASSKEY_NAME_MAXIMUM) || DEFAULT_NAME;
  const mailer = mailerOf(scope);
  const added = await addPasskey(scope, mailer.ok ? mailer.value : undefined, c.var, {
    ...postOf(fields.value),
    name,
  });
  return added ? seeOther(c, pathDone(ACCOUNT_PATHS.security, 'passkey')) : newPasskeyPage(c, { name });
}

async function postRemove(c: Context<DeveloperEnv>, mailerOf: MailerOf): Promise<Response> {
  const { scope } = c.var;
  const fields = await readForm(c);
  if (!fields.ok) return answerRefused(c, fields.refusal);
  const mailer = mailerOf(scope);
  const credentialId = fields.value.get('credential_id') ?? '';
  const removed = await removePasskey(scope, mailer.ok ? mailer.value : undefined, c.var, credentialId);
  return seeOther(c, pathDone(ACCOUNT_PATHS.security, `passkey-${removed}`));
}

export function passkeyPages(mailerOf: MailerOf): Hono<AppEnv> {
  const pages = makeRoutes();
  pages.use(ACCOUNT_PATHS.signInPasskey, requireOwnPage());
  pages.post(ACCOUNT_PATHS.signInPasskey, postSignIn);
  const own = makeRoutes<DeveloperEnv>();
  own.post(ACCOUNT_PATHS.confirmPasskey, requireDeveloper(), postConfirm);
  const proved = requireDeveloper({ confirmed: true });
  own.get(ACCOUNT_PATHS.passkeys, proved, (c) => newPasskeyPage(c));
  own.post(ACCOUNT_PATHS.passkeys, proved, (c) => postNew(c, mailerOf));
  own.post(ACCOUNT_PATHS.removePasskey, proved, (c) => postRemove(c, mailerOf));
  pages.route('/', own);
  return pages;
}
