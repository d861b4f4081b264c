/** Pages of sign-in and of the proof anew, each by password or passkey, and sign-out. */
import type { Context, Hono } from 'hono';
import { ACCOUNT_PATHS, pathDone } from '#developers/accounts.ts';
import { askPasskey } from '#developers/ask-passkey.flow.ts';
import { answerBoard, type FieldOf, withForm } from '#developers/board.guard.tsx';
import { limitVisit, noticeOf } from '#developers/board.pages.tsx';
import { type DeveloperEnv, requireDeveloper, requireOwnPage } from '#developers/member.guard.tsx';
import type { SignedIn } from '#developers/member.ts';
import { PASSKEY_FAILURE } from '#developers/passkey.view.tsx';
import { confirmByPasskey, signInByPasskey } from '#developers/passkey-ceremony.flow.ts';
import { parseNext } from '#developers/session.ts';
import {
  dropSessionCookie,
  putSessionCookie,
  readSessionCookie,
  visitOf,
} from '#developers/session-cookie.ts';
import { confirmPassword, signIn, signOut } from '#developers/sign-in.flow.ts';
import { ConfirmView, PROOF_FAILURE, SIGN_IN_FAILURE, SignInView } from '#developers/sign-in.view.tsx';
import { siteOf } from '#developers/site.ts';
import { answerRefused } from '#developers/stop.guard.tsx';
import { seeOther } from '#edge/answer-page.ts';
import { makeRoutes } from '#edge/routes.ts';
import type { AppEnv } from '#edge/scope.ts';
import { ok, type Result } from '#kernel/result.ts';

/** The page to sign in, or of who is signed in to prove it anew; with what was wrong with an attempt. */
async function answerProof<E extends AppEnv>(
  c: Context<E>,
  next: string,
  attempt?: { readonly failure: string; readonly email: string },
): Promise<Response> {
  const { scope, developer } = c.var as AppEnv['Variables'] & Partial<SignedIn>;
  const proof = {
    site: siteOf(scope),
    next,
    failure: attempt?.failure,
    notice: noticeOf(c),
    passkey: await askPasskey(scope, developer?.developerId),
  };
  const page =
    developer === undefined ? (
      <SignInView {...proof} email={attempt?.email ?? ''} />
    ) : (
      <ConfirmView {...proof} email={developer.email} />
    );
  return answerBoard(c, page);
}

function getProof<E extends AppEnv>(c: Context<E>): Promise<Response> {
  return answerProof(c, parseNext(c.req.query('next')));
}

/** Handles a form that proves who somebody is: on with the cookie that it got, or the page again. */
function withProof<E extends AppEnv>(
  failure: string,
  prove: (c: Context<E>, field: FieldOf) => Promise<Result<string | undefined>>,
) {
  return withForm<E>(async (c, field) => {
    const next = parseNext(field('next'));
    const cookie = await prove(c, field);
    if (!cookie.ok) return answerRefused(c, cookie.refusal);
    if (cookie.value === undefined) return answerProof(c, next, { failure, email: field('email') });
    putSessionCookie(c, cookie.value);
    return seeOther(c, next);
  });
}

const postSignIn = withProof<AppEnv>(SIGN_IN_FAILURE, (c, field) =>
  signIn(c.var.scope, { email: field('email'), password: field('password') }, visitOf(c)),
);

const postPasskeySignIn = withProof<AppEnv>(PASSKEY_FAILURE, async (c, field) =>
  ok(await signInByPasskey(c.var.scope, field, visitOf(c))),
);

const postConfirm = withProof<DeveloperEnv>(PROOF_FAILURE, (c, field) =>
  confirmPassword(c.var.scope, c.var, { password: field('password'), cookie: readSessionCookie(c) ?? '' }),
);

const postPasskeyConfirm = withProof<DeveloperEnv>(PASSKEY_FAILURE, async (c, field) =>
  ok(await confirmByPasskey(c.var.scope, c.var.session, field, readSessionCookie(c) ?? '')),
);

async function postSignOut(c: Context<AppEnv>): Promise<Response> {
  const out = await signOut(c.var.scope, readSessionCookie(c));
  if (!out.ok) return answerRefused(c, out.refusal);
  dropSessionCookie(c);
  return seeOther(c, pathDone(ACCOUNT_PATHS.signIn, 'signed-out'));
}

/** Of who is signed in. */
function proofPages(): Hono<DeveloperEnv> {
  const pages = makeRoutes<DeveloperEnv>();
  const { confirm } = ACCOUNT_PATHS;
  pages.get(confirm, requireDeveloper(), getProof);
  pages.post(confirm, requireDeveloper(), limitVisit, postConfirm);
  pages.post(`${confirm}/passkey`, requireDeveloper(), limitVisit, postPasskeyConfirm);
  return pages;
}

export function signInPages(): Hono<AppEnv> {
  const pages = makeRoutes();
  const { signIn: path } = ACCOUNT_PATHS;
  pages.get(path, requireOwnPage, getProof);
  pages.post(path, requireOwnPage, limitVisit, postSignIn);
  pages.post(`${path}/passkey`, requireOwnPage, limitVisit, postPasskeySignIn);
  pages.post(ACCOUNT_PATHS.signOut, requireOwnPage, postSignOut);
  pages.route('/', proofPages());
  return pages;
}
