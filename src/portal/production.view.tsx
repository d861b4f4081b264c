/** What production asks for, what of it the organisation has, and what to do about the rest. */
import type { Child, FC } from 'hono/jsx';
import { LIVE_KEY_STEPS, type LiveKeyStanding, type LiveKeyStep } from '#clients/live-key.flow.ts';
import { Facts, Note } from '#developers/parts.view.tsx';
import { JOIN_PATH, NEW_PATH } from '#portal/application-paths.ts';
import {
  MakeApplication,
  PortalPage,
  type SectionProps,
  Step,
  type Viewing,
} from '#portal/portal-page.view.tsx';
import type { Need } from '#portal/production-needs.ts';

const ProductionPage: FC<Omit<SectionProps, 'title'>> = (page) => (
  <PortalPage {...page} title="Production" current="/dashboard/production" topic="production" />
);

/** In the sandbox: what the applications there already meet. */
export const ProductionNeedsView: FC<Viewing & { needs: readonly Need[] }> = ({ needs, ...viewing }) => {
  const { site } = viewing;
  return (
    <ProductionPage
      {...viewing}
      action={
        site.otherDashboardUrl === undefined ? null : (
          <a class="button" href={site.otherDashboardUrl}>
            Go to production
          </a>
        )
      }
    >
      <p class="lead">
        Production is another deployment with real customers. It has accounts, applications and keys of its
        own.
      </p>
      {needs.some(({ state }) => state === 'unknown') ? (
        <>
          <p>You have no application in the sandbox yet: this page says how ready one is.</p>
          <MakeApplication {...viewing} />
        </>
      ) : null}
      <h2>What production asks for</h2>
      <ol class="guide">
        {needs.map(({ title, words, state, lacking }) => (
          <Step title={title} state={state}>
            <p>{words}</p>
            {lacking.length === 0 ? null : (
              <>
                <p>Not so yet:</p>
                <ul>
                  {lacking.map((name) => (
                    <li>{name}</li>
                  ))}
                </ul>
              </>
            )}
          </Step>
        ))}
        <Step title="A live application" state="later">
          <p>You register it in production with that statement, or let one join that is registered there.</p>
        </Step>
        <Step title="A live key" state="later">
          <p>You make it (sk_live_) once that application has got a token.</p>
        </Step>
      </ol>
      {needs.every(({ state }) => state === 'met' || state === 'advised') ? (
        <p class="hint">Nothing that the sandbox can tell is missing.</p>
      ) : null}
    </ProductionPage>
  );
};

/** What each step on the way to a live key takes. */
export const STEP_WORDS: Readonly<Record<LiveKeyStep, { readonly title: string; readonly words: Child }>> = {
  client: {
    title: 'An application of yours',
    words: (
      <>
        <a href={NEW_PATH}>Register one</a> with a software statement, or <a href={JOIN_PATH}>let one join</a>{' '}
        that was registered elsewhere.
      </>
    ),
  },
  trusted_statement: {
    title: 'A software statement of a directory we trust',
    words: 'Register an application with one, or let such an application join.',
  },
  authentication: {
    title: 'A proof of its key',
    words: 'Since it joined, the application has to get one token: its private_key_jwt proves the key.',
  },
};

/** In production: how far the organisation is on its way to a live key. */
export const ProductionView: FC<
  Viewing & { standing: LiveKeyStanding; directories: readonly string[]; rateLimitPerMinute: number }
> = ({ standing: { missing }, directories, rateLimitPerMinute, ...viewing }) => {
  const next = missing === undefined ? LIVE_KEY_STEPS.length : LIVE_KEY_STEPS.indexOf(missing);
  return (
    <ProductionPage
      {...viewing}
      notice={
        missing === undefined ? (
          <Note>
            <p>
              Your organisation may have live keys. <a href="/dashboard/api-keys">API keys</a>
            </p>
          </Note>
        ) : null
      }
    >
      <h2>On the way to a live key</h2>
      <ol class="guide">
        {LIVE_KEY_STEPS.map((step, index) => (
          <Step
            title={STEP_WORDS[step].title}
            state={index === next ? 'missing' : index < next ? 'met' : 'later'}
          >
            <p>{STEP_WORDS[step].words}</p>
          </Step>
        ))}
      </ol>
      <h2>What holds here</h2>
      <Facts
        rows={[
          ['Directories we trust', directories.join(', ')],
          ['Rate limit', `${rateLimitPerMinute.toLocaleString('en-GB')} requests a minute and application`],
          ['Redirect URIs', 'https only'],
        ]}
      />
    </ProductionPage>
  );
};
