/** Pages that change API keys: the form of a new one, the page that shows it this once, rolling and revoking. */
import type { Child, FC } from 'hono/jsx';
import { type ApiKey, type KeyScope, keyLabelOf } from '#clients/api-key.ts';
import type { LiveKeyStep } from '#clients/live-key.flow.ts';
import { Choice, Choices } from '#developers/choices.view.tsx';
import {
  CodeBlock,
  DocsLink,
  EmptyState,
  Facts,
  Field,
  Note,
  type Problem,
  ProblemSummary,
  ShownFor,
  Time,
} from '#developers/parts.view.tsx';
import { curlOf, KEYS_PATH, KeyFrame, type KeyPageProps, pathOfKey, TimeOr } from '#portal/api-keys.view.tsx';
import { JOIN_PATH } from '#portal/application-paths.ts';
import {
  type KeyFault,
  type KeyForm,
  LIFETIMES,
  NAME_MAXIMUM,
  OVERLAPS,
  SCOPE_WORDS,
  scopeField,
  scopeWords,
} from '#portal/key-wanted.ts';

/** What production asks for before it gives a key. */
const STEPS: Readonly<Record<LiveKeyStep, Child>> = {
  client: (
    <>
      Your organisation has no application here yet. Register your software with a statement of a directory
      the bank trusts, and <a href={JOIN_PATH}>let it join</a>.
    </>
  ),
  trusted_statement: (
    <>
      None of your applications was registered with a software statement of a directory that the bank trusts
      now. Register with such a statement, and <a href={JOIN_PATH}>let the application join</a>.
    </>
  ),
  authentication: (
    <>
      None of your applications has authenticated itself at <code>/oauth/token</code> since it joined: ask for
      one token with its <code>private_key_jwt</code>, which proves that its keys are yours.
    </>
  ),
};

/** Instead of the form, where production asks for more. */
export const NotReadyView: FC<KeyPageProps & { missing: LiveKeyStep }> = ({ missing, ...page }) => (
  <KeyFrame {...page} title="New API key">
    <EmptyState title="Not yet: one thing is missing">
      <p>A key of production stands behind software that has proved itself.</p>
      <p>{STEPS[missing]}</p>
      <p class="links">
        <a class="button" href="/dashboard/production">
          What production asks for
        </a>
      </p>
      <p>
        <DocsLink topic="production" />
      </p>
    </EmptyState>
  </KeyFrame>
);

export interface NewKeyProps extends KeyPageProps {
  readonly form: KeyForm;
  readonly offered: readonly KeyScope[];
  readonly faults?: readonly KeyFault[];
  /** A fault of no field. */
  readonly problem?: string | undefined;
}

/** A problem leads to the first control of its question. */
function problemOf({ field, message }: KeyFault, offered: readonly KeyScope[]): Problem {
  return { field: field === 'scopes' ? scopeField(offered[0] ?? 'requests') : field, message };
}

export const NewKeyView: FC<NewKeyProps> = ({ form, offered, faults = [], problem, ...page }) => {
  const errorOf = (field: KeyFault['field']) => faults.find((fault) => fault.field === field)?.message;
  const problems: readonly Problem[] = [
    ...(problem === undefined ? [] : [{ message: problem }]),
    ...faults.map((fault) => problemOf(fault, offered)),
  ];
  return (
    <KeyFrame {...page} title="New API key" failed={problems.length > 0}>
      <ProblemSummary topic="api-keys" errors={problems} />
      <form class="form" method="post">
        <input type="hidden" name="nonce" value={form.nonce} />
        <ShownFor member={page.member} />
        <Field
          label="Name"
          name="name"
          value={form.name}
          hint="Where it will be used: Build server, Monitoring."
          maxlength={NAME_MAXIMUM}
          error={errorOf('name')}
          autocomplete="off"
        />
        <Choices
          legend="What it opens"
          hint="Take only what the program needs. No key opens a customer’s data, members, sign-in settings or other keys."
          error={errorOf('scopes')}
        >
          {offered.map((scope) => (
            <Choice
              type="checkbox"
              name={scopeField(scope)}
              value="on"
              title={SCOPE_WORDS[scope].name}
              hint={SCOPE_WORDS[scope].hint}
              checked={form.scopes.includes(scope)}
            />
          ))}
        </Choices>
        <Field
          label="Expires after"
          name="lifetime"
          options={Object.entries(LIFETIMES)}
          value={form.lifetime}
          error={errorOf('lifetime')}
        />
        <Field
          label="Allowed IP addresses"
          name="allowed_ips"
          hint="One address or range a line: 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32. Empty: any address."
          value={form.allowedIps}
          rows={3}
          optional
          code
          error={errorOf('allowed_ips')}
        />
        <p class="links">
          <button class="button" type="submit">
            Make the key
          </button>
          <a class="button plain" href={KEYS_PATH}>
            Cancel
          </a>
        </p>
      </form>
      <p>
        <DocsLink topic="api-keys" />
      </p>
    </KeyFrame>
  );
};

/** The only page that ever shows a key: the answer to the form that made it. */
export const ShownOnceView: FC<KeyPageProps & { apiKey: ApiKey; secret: string; old?: ApiKey }> = ({
  apiKey,
  secret,
  old,
  ...page
}) => (
  <KeyFrame
    {...page}
    title="Your new API key"
    notice={
      <Note tone="amber">
        <p>
          <b>Copy it now.</b> We keep a digest of it alone, so it cannot be shown again. Keep it as you keep
          passwords, and out of your code.
        </p>
      </Note>
    }
  >
    <CodeBlock label={`${apiKey.name}: the key`} code={secret} />
    <CodeBlock label="Try it" code={curlOf(page.site, secret, apiKey.scopes)} />
    {apiKey.allowedIps.length === 0 ? null : (
      <p>It works from {apiKey.allowedIps.join(', ')} alone, so run the line there.</p>
    )}
    {old === undefined ? null : <OldKey old={old} now={page.now} />}
    <p class="links">
      <a class="button" href={KEYS_PATH}>
        I have copied it
      </a>
    </p>
  </KeyFrame>
);

const OldKey: FC<{ old: ApiKey; now: number }> = ({ old, now }) => {
  const { expiresAt } = old;
  return (
    <p>
      The old key <code>{keyLabelOf(old)}</code>{' '}
      {expiresAt === null || expiresAt <= now ? (
        'has stopped working.'
      ) : (
        <>
          works until <Time at={expiresAt} />.
        </>
      )}
    </p>
  );
};

export interface ChangeProps extends KeyPageProps {
  readonly apiKey: ApiKey;
  readonly problem?: string | undefined;
}

export const RollView: FC<ChangeProps> = ({ apiKey, problem, ...page }) => (
  <KeyFrame {...page} title="Roll this API key" failed={problem !== undefined}>
    <ProblemSummary topic="api-keys" errors={problem === undefined ? [] : [{ message: problem }]} />
    <p class="lead">
      You get a new key with the same name, scopes, addresses and lifetime in place of{' '}
      <bdi>{apiKey.name}</bdi> <code>{keyLabelOf(apiKey)}</code>.
    </p>
    <form class="form" method="post">
      <Choices
        legend="How long the old key goes on working"
        hint="Long enough to bring the new key to all your programs. It never works beyond its own end."
      >
        {Object.entries(OVERLAPS).map(([seconds, words]) => (
          <Choice type="radio" name="overlap" value={seconds} title={words} checked={seconds === '3600'} />
        ))}
      </Choices>
      <p class="links">
        <button class="button" type="submit">
          Roll the key
        </button>
        <a class="button plain" href={pathOfKey(apiKey.keyId)}>
          Cancel
        </a>
      </p>
    </form>
    <p>
      <DocsLink topic="api-keys" />
    </p>
  </KeyFrame>
);

export const RevokeView: FC<ChangeProps> = ({ apiKey, ...page }) => (
  <KeyFrame {...page} title="Revoke this API key?">
    <p class="lead">
      Programs that use <bdi>{apiKey.name}</bdi> <code>{keyLabelOf(apiKey)}</code> are refused from the next
      call on. This cannot be undone.
    </p>
    <Facts
      rows={[
        ['Last used', <TimeOr at={apiKey.lastUsedAt} otherwise="Not yet" />],
        ['Opens', scopeWords(apiKey.scopes)],
      ]}
    />
    <form method="post">
      <p class="links">
        <button class="button danger" type="submit">
          Revoke the key
        </button>
        <a class="button plain" href={pathOfKey(apiKey.keyId)}>
          Keep it
        </a>
      </p>
    </form>
  </KeyFrame>
);
