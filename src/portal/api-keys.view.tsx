/** Pages that show API keys, as far as they are shown: the list, and one key. */
import type { Child, FC, PropsWithChildren } from 'hono/jsx';
import { type ApiKey, type KeyScope, keyLabelOf, keyStatusOf, LOCAL_KEY_ID } from '#clients/api-key.ts';
import { DashboardPage, type FrameMember } from '#developers/dashboard.view.tsx';
import {
  CodeBlock,
  DocsLink,
  EmptyState,
  Facts,
  Id,
  Note,
  Table,
  Tag,
  Time,
} from '#developers/parts.view.tsx';
import type { Site } from '#developers/site.ts';
import { scopeWords } from '#portal/key-wanted.ts';

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

/** The dashboard's frame around a page of keys. */
export const KeyFrame: FC<
  PropsWithChildren<KeyPageProps & { title: string; action?: Child; notice?: Child; failed?: boolean }>
> = ({ site, member, children, now: _now, mayChange: _may, ...page }) => (
  <DashboardPage site={site} member={member} current={KEYS_PATH} {...page}>
    {children}
  </DashboardPage>
);

const Status: FC<{ apiKey: ApiKey; now: number }> = ({ apiKey, now }) => {
  const status = keyStatusOf(apiKey, now);
  if (status === 'active') return <Tag tone="ok">Active</Tag>;
  if (status === 'rolled') return <Tag tone="amber">Rolled</Tag>;
  return <Tag>{status === 'revoked' ? 'Revoked' : 'Expired'}</Tag>;
};

export const TimeOr: FC<{ at: number | null; otherwise: string }> = ({ at, otherwise }) =>
  at === null ? <span>{otherwise}</span> : <Time at={at} />;

/** A call that works as it stands with a key of these scopes. */
export function curlOf({ issuer }: Site, key: string, scopes: readonly KeyScope[]): string {
  const bearer = `-H 'Authorization: Bearer ${key}'`;
  if (scopes.includes('sandbox')) {
    return `curl -X POST ${issuer}/sandbox/software-statements \\
  ${bearer} \\
  -H 'Content-Type: application/json' \\
  -d '{"software_redirect_uris": ["https://your-app.com/callback"]}'`;
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
  <KeyFrame {...page} title="API keys" {...(page.mayChange ? { action: <NewLink /> } : {})}>
    <p class="lead">
      Keys are for your programs: <code>Authorization: Bearer sk_...</code>. Each is shown once, when it is
      made.
    </p>
    {keys.length === 0 ? (
      <NoKeys {...page} />
    ) : (
      <Table
        caption="API keys"
        columns={['Key', 'Status', 'Opens', 'Expires', 'Last used', 'Made by']}
        rows={keys.map((apiKey) => [
          <>
            <a href={pathOfKey(apiKey.keyId)}>
              <bdi>{apiKey.name}</bdi>
            </a>
            <br />
            <small>{keyLabelOf(apiKey)}</small>
          </>,
          <Status apiKey={apiKey} now={page.now} />,
          <>
            {apiKey.scopes.join(', ')}
            {apiKey.allowedIps.length === 0 ? null : ` from ${apiKey.allowedIps.join(', ')}`}
          </>,
          <TimeOr at={apiKey.expiresAt} otherwise="Never" />,
          <TimeOr at={apiKey.lastUsedAt} otherwise="Not yet" />,
          <bdi>{creatorOf(apiKey, creators)}</bdi>,
        ])}
      />
    )}
  </KeyFrame>
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
      ['Opens', scopeWords(apiKey.scopes)],
      ['Expires', <TimeOr at={apiKey.expiresAt} otherwise="Never" />],
      ...(apiKey.rolledAt === null ? [] : [['Rolled', <Time at={apiKey.rolledAt} />] as const]),
      ...(apiKey.revokedAt === null ? [] : [['Revoked', <Time at={apiKey.revokedAt} />] as const]),
      [
        'Allowed addresses',
        apiKey.allowedIps.length === 0 ? 'Any' : apiKey.allowedIps.map((range) => <p>{range}</p>),
      ],
      ['Last used', <TimeOr at={apiKey.lastUsedAt} otherwise="Not yet" />],
      ['Made', <Time at={apiKey.createdAt} />],
      ['Made by', <bdi>{creator}</bdi>],
      ['Id', <Id value={apiKey.keyId} />],
    ]}
  />
);

/** Why a form led to its key: `?notice=`. */
const NOTICES = {
  made: 'This key was made already, by you or by whoever stands at “Made by”. A key is shown only once: if neither of you has a copy, roll or revoke it. Nothing else was changed.',
  ended: 'This key was rolled or revoked before, or has expired. Nothing was changed now.',
} as const;

/** One key, in whatever state. */
export const KeyView: FC<
  KeyPageProps & { apiKey: ApiKey; creators: ReadonlyMap<string, string>; notice: string | undefined }
> = ({ apiKey, creators, notice: why = '', ...page }) => {
  const status = keyStatusOf(apiKey, page.now);
  const isLive = status === 'active' || status === 'rolled';
  const isOurs = apiKey.keyId !== LOCAL_KEY_ID;
  const notice = Object.hasOwn(NOTICES, why) ? (
    <Note tone="amber">
      <p>{NOTICES[why as keyof typeof NOTICES]}</p>
    </Note>
  ) : undefined;
  return (
    <KeyFrame {...page} title={apiKey.name} notice={notice}>
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
    </KeyFrame>
  );
};
