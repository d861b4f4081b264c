/** What production asks for, what of it the organisation has, and what to do about the rest. */
import type { Child, FC } from 'hono/jsx';
import type { LiveKeyStanding, LiveKeyStep } from '#clients/live-key.flow.ts';
import { LIVE_KEY_STEPS } from '#clients/live-key.flow.ts';
import { DashboardPage } from '#developers/dashboard.view.tsx';
import type { Member } from '#developers/member.ts';
import { DocsLink, Facts, Note, Tag } from '#developers/parts.view.tsx';
import { mayDo } from '#developers/role.ts';
import type { Site } from '#developers/site.ts';
import { JOIN_PATH, NEW_PATH } from '#portal/application-paths.ts';
import type { Need, NeedName, NeedState } from '#portal/production-needs.ts';

interface Frame {
  readonly site: Site;
  readonly member: Member;
}

type State = NeedState | 'later';

const STATES = {
  met: { tone: 'ok', words: 'There' },
  missing: { tone: 'amber', words: 'Missing' },
  advised: { tone: undefined, words: 'Advised' },
  later: { tone: undefined, words: 'Later' },
  unknown: undefined,
} as const;

const Ask: FC<{ title: string; state: State; words: Child; lacking?: readonly string[] }> = ({
  title,
  state,
  words,
  lacking = [],
}) => {
  const shown = STATES[state];
  return (
    <li class={state === 'met' ? 'done' : undefined}>
      <h3>
        {title} {shown === undefined ? null : <Tag tone={shown.tone}>{shown.words}</Tag>}
      </h3>
      <p>{words}</p>
      {lacking.length === 0 ? null : (
        <ul>
          {lacking.map((name) => (
            <li>{name}</li>
          ))}
        </ul>
      )}
    </li>
  );
};

const NEED_WORDS: Readonly<
  Record<NeedName, { readonly title: string; readonly words: string; readonly lacking: string }>
> = {
  statement: {
    title: 'A software statement of a trusted directory',
    words:
      'In production a directory that the bank trusts vouches for your software: it says who you are, what your regulator lets you do, your redirect URIs and your keys.',
    lacking: 'These have a statement of the sandbox’s own directory, which counts in the sandbox alone:',
  },
  keys: {
    title: 'Keys that the statement names, best at an address of yours',
    words:
      'Production takes keys from the software statement only. It may hold them, or name the address where you publish them (jwks_uri: https, port 443, a public name): then you can change keys without a new statement.',
    lacking: 'These have no such address yet:',
  },
  redirect_uris: {
    title: 'Redirect URIs with https',
    words: 'The sandbox lets customers come back to http on your own machine. Production does not.',
    lacking: 'These would be refused:',
  },
};

/** In the sandbox: what the applications there already meet. */
export const ProductionNeedsView: FC<Frame & { needs: readonly Need[] }> = ({ site, member, needs }) => {
  const isReady = needs.every(({ state }) => state === 'met' || state === 'advised');
  return (
    <DashboardPage
      site={site}
      member={member}
      title="Production"
      current="/dashboard/production"
      action={
        site.otherDashboardUrl === undefined ? undefined : (
          <a class="button" href={site.otherDashboardUrl}>
            Go to production
          </a>
        )
      }
    >
      <p class="lead">
        Production is another deployment with real customers. It has accounts, applications and keys of its
        own: nothing of the sandbox moves there.
      </p>
      {needs.some(({ state }) => state === 'unknown') ? (
        <Note>
          <p>
            You have no application in the sandbox yet.{' '}
            {mayDo(member.role, 'applications.change') ? (
              <a href={NEW_PATH}>With the first one</a>
            ) : (
              'With the first one'
            )}
            , this page says how much of it is ready.
          </p>
        </Note>
      ) : null}
      <h2>What production asks for</h2>
      <ol class="guide">
        {needs.map(({ name, state, lacking }) => {
          const { title, words, lacking: before } = NEED_WORDS[name];
          return (
            <Ask
              title={title}
              state={state}
              words={lacking.length > 0 ? `${words} ${before}` : words}
              lacking={lacking}
            />
          );
        })}
        <Ask
          title="A live application"
          state="later"
          words="You register it in production with that statement, by the dashboard or by POST /register; one registered elsewhere joins by its registration access token."
        />
        <Ask
          title="A live key"
          state="later"
          words="Keys that begin with sk_live_ are made once an application of a trusted directory has authenticated itself at production’s token endpoint."
        />
      </ol>
      <p class="hint">
        {isReady ? 'Nothing that the sandbox can tell is missing. ' : null}
        <DocsLink topic="production" />
      </p>
    </DashboardPage>
  );
};

const STEP_WORDS: Readonly<Record<LiveKeyStep, { readonly title: string; readonly words: Child }>> = {
  client: {
    title: 'An application of yours',
    words: (
      <>
        <a href={NEW_PATH}>Register one</a> with a software statement, or <a href={JOIN_PATH}>let one join</a>{' '}
        that was registered elsewhere: its registration access token proves that it is yours.
      </>
    ),
  },
  trusted_statement: {
    title: 'A software statement of a directory we trust',
    words:
      'The directory of the application’s statement is one of those below, and nobody withdrew the trust.',
  },
  authentication: {
    title: 'The application has proved its key',
    words: 'Since it belongs to your organisation, it has authenticated itself at the token endpoint.',
  },
};

/** In production: how far the organisation is on its way to a live key. */
export const ProductionView: FC<
  Frame & { standing: LiveKeyStanding; directories: readonly string[]; rateLimitPerMinute: number }
> = ({ site, member, standing, directories, rateLimitPerMinute }) => {
  const { missing } = standing;
  const reached = missing === undefined ? LIVE_KEY_STEPS.length : LIVE_KEY_STEPS.indexOf(missing);
  return (
    <DashboardPage
      site={site}
      member={member}
      title="Production"
      current="/dashboard/production"
      notice={
        missing === undefined ? (
          <Note>
            <p>
              Your organisation may have live keys. <a href="/dashboard/api-keys">API keys</a>
            </p>
          </Note>
        ) : undefined
      }
    >
      <h2>On the way to a live key</h2>
      <ol class="guide">
        {LIVE_KEY_STEPS.map((step, index) => (
          <Ask
            title={STEP_WORDS[step].title}
            state={index < reached ? 'met' : index === reached ? 'missing' : 'later'}
            words={STEP_WORDS[step].words}
          />
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
      <p class="hint">
        <DocsLink topic="production" />
      </p>
    </DashboardPage>
  );
};
