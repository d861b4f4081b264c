/** Pages of API keys: the list, one key, the form of a new one, and the page that shows it this once. */
import type { Child, FC, PropsWithChildren } from 'hono/jsx';
import { type ApiKey, type KeyScope, keyLabelOf, keyStatusOf, LOCAL_KEY_ID } from '#clients/api-key.ts';
import type { LiveKeyStep } from '#clients/live-key.flow.ts';
import { DashboardPage, type FrameMember } from '#developers/dashboard.view.tsx';
import {
  Choice,
  Choices,
  CodeBlock,
  DocsLink,
  EmptyState,
  Facts,
  Field,
  Id,
  Note,
  type Problem,
  ProblemSummary,
  Table,
  Tag,
  Time,
} from '#developers/parts.view.tsx';
import type { Site } from '#developers/site.ts';
import {
  type KeyFault,
  type KeyForm,
  LIFETIMES,
  NAME_MAXIMUM,
  OVERLAPS,
  SCOPE_WORDS,
  scopeField,
} from '#portal/key-wanted.ts';

export const KEYS_PATH = '/dashboard/api-keys';

/** What every page here is given. */
export interface KeyPageProps {
  readonly site: Site;
  readonly member: FrameMember;
  readonly now: number;
  /** Whether the member may make, roll and revoke keys. */
  readonly mayChange: boolean;
}

export function pathOfKey(keyId: string): string {
  return `${KEYS_PATH}/${keyId}`;
}

const Frame: FC<
  PropsWithChildren<KeyPageProps & { title: string; action?: Child; notice?: Child; failed?: boolean }>
> = ({ site, member, children, now: _now, mayChange: _may, ...page }) => (
  <DashboardPage site={site} member={member} current={KEYS_PATH} {...page}>
    {children}
  </DashboardPage>
);

const Status: FC<{ apiKey: ApiKey; now: number }> = ({ apiKey, now }) => {
  const status = keyStatusOf(apiKey, now);
  if (status === 'active') return <Tag tone="ok">Active</Tag>;
  if (status === 'rolled') return <Tag tone="amber">Rolled, still works</Tag>;
  return <Tag>{status === 'revoked' ? 'Revoked' : 'Expired'}</Tag>;
};

const TimeOr: FC<{ at: number | null; otherwise: string }> = ({ at, otherwise }) =>
  at === null ? <span>{otherwise}</span> : <Time at={at} />;

/** A call that works as it stands with a key of these scopes. */
function curlOf({ issuer }: Site, key: string, scopes: readonly KeyScope[]): string {
  const bearer = `-H 'Authorization: Bearer ${key}'`;
  if (scopes.includes('sandbox')) {
    return `curl -X POST ${issuer}/sandbox/software-statements \\
  ${bearer} \\
  -H 'Content-Type: application/json' \\
  -d '{"software_client_name": "Acorn Finance", "software_redirect_uris": ["https://your-app.com/callback"]}'`;
  }
  const path = scopes.includes('requests') ? '/developer/v1/requests' : '/developer/v1/usage';
  return `curl ${issuer}${path} \\\n  ${bearer}`;
}

const NewLink: FC = () => (
  <a class="button" href={`${KEYS_PATH}/new`}>
    New API key
  </a>
);

const NoKeys: FC<KeyPageProps> = ({ site, mayChange }) => (
  <EmptyState title="No API key yet">
    <p>
      {site.environment === 'sandbox'
        ? 'Your programs need one to get software statements, to decide consents without a browser, and to read the request log and usage.'
        : 'Your programs need one to read the request log and usage. It opens no customer’s data: that takes a consent and a token.'}
    </p>
    <p>
      {mayChange
        ? 'Make one, then call:'
        : 'An owner or developer of your organisation can make one. Then call:'}
    </p>
    <CodeBlock
      label="With your key in place of the dots"
      code={curlOf(site, site.environment === 'sandbox' ? 'sk_sandbox_...' : 'sk_live_...', [
        site.environment === 'sandbox' ? 'sandbox' : 'requests',
      ])}
    />
    <p>
      <DocsLink topic="api-keys" />
    </p>
  </EmptyState>
);

/** The keys of an organisation. `creators`: names by the id of a developer. */
export const KeysView: FC<
  KeyPageProps & { keys: readonly ApiKey[]; creators: ReadonlyMap<string, string> }
> = ({ keys, creators, ...page }) => (
  <Frame {...page} title="API keys" {...(page.mayChange ? { action: <NewLink /> } : {})}>
    <p class="lead">
      Keys are for your programs: <code>Authorization: Bearer sk_...</code>. Each is shown once, when it is
      made.
    </p>
    {keys.length === 0 ? (
      <NoKeys {...page} />
    ) : (
      <Table
        caption="API keys"
        columns={['Name', 'Key', 'Status', 'Opens', 'Expires', 'Allowed addresses', 'Last used', 'Made by']}
        rows={keys.map((apiKey) => [
          <a href={pathOfKey(apiKey.keyId)}>
            <bdi>{apiKey.name}</bdi>
          </a>,
          <code>{keyLabelOf(apiKey)}</code>,
          <Status apiKey={apiKey} now={page.now} />,
          apiKey.scopes.join(', '),
          <TimeOr at={apiKey.expiresAt} otherwise="Never" />,
          apiKey.allowedIps.length === 0 ? 'Any' : apiKey.allowedIps.join(', '),
          <TimeOr at={apiKey.lastUsedAt} otherwise="Not yet" />,
          <bdi>{creatorOf(apiKey, creators)}</bdi>,
        ])}
      />
    )}
  </Frame>
);

function creatorOf({ createdBy }: ApiKey, creators: ReadonlyMap<string, string>): string {
  if (createdBy === null) return 'Came with the sandbox';
  return creators.get(createdBy) ?? 'A former developer';
}

const KeyFacts: FC<{ apiKey: ApiKey; now: number; creator: string }> = ({ apiKey, now, creator }) => (
  <Facts
    rows={[
      ['Key', <code>{keyLabelOf(apiKey)}</code>],
      ['Status', <Status apiKey={apiKey} now={now} />],
      ['Opens', apiKey.scopes.map((scope) => <p>{SCOPE_WORDS[scope]}</p>)],
      ['Expires', <TimeOr at={apiKey.expiresAt} otherwise="Never" />],
      [
        'Allowed addresses',
        apiKey.allowedIps.length === 0 ? 'Any' : apiKey.allowedIps.map((range) => <p>{range}</p>),
      ],
      ['Last used', <TimeOr at={apiKey.lastUsedAt} otherwise="Not yet" />],
      [
        'Made',
        <>
          <Time at={apiKey.createdAt} />, <bdi>{creator}</bdi>
        </>,
      ],
      ['Id', <Id value={apiKey.keyId} />],
    ]}
  />
);

/** One key, in whatever state. `madeAlready`: its form was sent again. */
export const KeyView: FC<
  KeyPageProps & { apiKey: ApiKey; creators: ReadonlyMap<string, string>; madeAlready: boolean }
> = ({ apiKey, creators, madeAlready, ...page }) => {
  const status = keyStatusOf(apiKey, page.now);
  const isLive = status === 'active' || status === 'rolled';
  const isOurs = apiKey.keyId !== LOCAL_KEY_ID;
  const notice = madeAlready ? (
    <Note tone="amber">
      <p>
        This key was made already, and a key is shown only once. If you have no copy of it, roll or revoke it:
        nothing else was changed.
      </p>
    </Note>
  ) : undefined;
  return (
    <Frame {...page} title={apiKey.name} notice={notice}>
      <KeyFacts apiKey={apiKey} now={page.now} creator={creatorOf(apiKey, creators)} />
      {apiKey.rolledFrom === null ? null : (
        <p>
          It took the place of <a href={pathOfKey(apiKey.rolledFrom)}>an earlier key</a>.
        </p>
      )}
      {isLive && isOurs && page.mayChange ? (
        <p class="links">
          {status === 'active' ? (
            <a class="button" href={`${pathOfKey(apiKey.keyId)}/roll`}>
              Roll
            </a>
          ) : null}
          <a class="button plain" href={`${pathOfKey(apiKey.keyId)}/revoke`}>
            Revoke
          </a>
        </p>
      ) : null}
      {isOurs ? null : <p>This key comes with the local sandbox: it can be neither rolled nor revoked.</p>}
      <p>
        <a href={KEYS_PATH}>All API keys</a>
      </p>
    </Frame>
  );
};

/** What production asks for before it gives a key. */
const STEPS: Readonly<Record<LiveKeyStep, Child>> = {
  client: (
    <>
      Your organisation has no application here yet. Register your software with a statement of a directory
      the bank trusts, and <a href="/dashboard/applications/join">let it join</a>.
    </>
  ),
  trusted_statement: (
    <>
      None of your applications was registered with a software statement of a directory that the bank trusts
      now. Register with such a statement, and{' '}
      <a href="/dashboard/applications/join">let the application join</a>.
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
  <Frame {...page} title="New API key">
    <EmptyState title="Not yet: one thing is missing">
      <p>A key of production stands behind software that has proved itself.</p>
      <p>{STEPS[missing]}</p>
      <p class="links">
        <a class="button" href="/dashboard/production">
          What production asks for
        </a>
      </p>
    </EmptyState>
  </Frame>
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
    <Frame {...page} title="New API key" failed={problems.length > 0}>
      <ProblemSummary errors={problems} />
      <form class="form" method="post">
        <input type="hidden" name="nonce" value={form.nonce} />
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
              title={scope}
              hint={SCOPE_WORDS[scope]}
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
    </Frame>
  );
};

/** The only page that ever shows a key: the answer to the form that made it. */
export const ShownOnceView: FC<KeyPageProps & { apiKey: ApiKey; secret: string; old?: ApiKey }> = ({
  apiKey,
  secret,
  old,
  ...page
}) => (
  <Frame
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
  </Frame>
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
  <Frame {...page} title="Roll this API key" failed={problem !== undefined}>
    <ProblemSummary errors={problem === undefined ? [] : [{ message: problem }]} />
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
  </Frame>
);

export const RevokeView: FC<ChangeProps> = ({ apiKey, ...page }) => (
  <Frame {...page} title="Revoke this API key?">
    <p class="lead">
      Programs that use <bdi>{apiKey.name}</bdi> <code>{keyLabelOf(apiKey)}</code> are refused from the next
      call on. This cannot be undone.
    </p>
    <Facts
      rows={[
        ['Last used', <TimeOr at={apiKey.lastUsedAt} otherwise="Not yet" />],
        ['Opens', apiKey.scopes.join(', ')],
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
  </Frame>
);
