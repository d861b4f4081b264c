/** Pages that show API keys, as far as they are shown: the list, and one key. */
import type { Child, FC } from 'hono/jsx';
import {
  type ApiKey,
  KEY_PREFIXES,
  keyLabelOf,
  keyScopesOf,
  keyStatusOf,
  LOCAL_KEY_ID,
} from '#clients/api-key.ts';
import { CodeBlock, EmptyState, Facts, Id, Note, Table, Tag, Time } from '#developers/parts.view.tsx';
import { mayDo } from '#developers/role.ts';
import type { Site } from '#developers/site.ts';
import { scopeWords } from '#portal/key-wanted.ts';
import { PortalPage, ReadsOnly, type SectionProps, type Viewing } from '#portal/portal-page.view.tsx';

export const KEYS_PATH = '/dashboard/api-keys';

export function pathOfKey(keyId: string): string {
  return `${KEYS_PATH}/${keyId}`;
}

/** A page of the section. */
export const KeyPage: FC<SectionProps> = (page) => (
  <PortalPage {...page} current={KEYS_PATH} topic="api-keys" />
);

/** Keys to show, with the names of who made them by the id of a developer. */
interface Shown extends Viewing {
  readonly now: number;
  readonly creators: ReadonlyMap<string, string>;
}

function mayChange({ member }: Viewing): boolean {
  return mayDo(member.role, 'api_keys.change');
}

const STATUS_TAGS = {
  active: <Tag tone="ok">Active</Tag>,
  rolled: <Tag tone="amber">Rolled</Tag>,
  revoked: <Tag>Revoked</Tag>,
  expired: <Tag>Expired</Tag>,
} as const;

export function timeOr(at: number | null, otherwise: Child): Child {
  return at === null ? otherwise : <Time at={at} />;
}

/** A call that works as it stands with a key of any scope: it answers what the key is. */
export function curlOf({ issuer }: Site, key: string): string {
  return `curl ${issuer}/developer/v1/api-key \\\n  -H 'Authorization: Bearer ${key}'`;
}

const NoKeys: FC<Viewing> = ({ site, member }) => (
  <EmptyState title="No API key yet">
    <p>One opens: {scopeWords(keyScopesOf(site.environment))}. None opens a customer’s data.</p>
    {mayChange({ site, member }) ? null : <ReadsOnly />}
    <CodeBlock label="A call to begin with" code={curlOf(site, `${KEY_PREFIXES[site.environment]}...`)} />
  </EmptyState>
);

/** The keys of an organisation. */
export const KeysView: FC<Shown & { keys: readonly ApiKey[] }> = ({ keys, now, creators, ...viewing }) => (
  <KeyPage
    {...viewing}
    title="API keys"
    action={
      mayChange(viewing) ? (
        <a class="button" href={`${KEYS_PATH}/new`}>
          New API key
        </a>
      ) : null
    }
  >
    <p class="lead">
      Keys are for your programs: <code>Authorization: Bearer sk_...</code>. Each is shown once, when it is
      made.
    </p>
    {keys.length === 0 ? (
      <NoKeys {...viewing} />
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
          STATUS_TAGS[keyStatusOf(apiKey, now)],
          <>
            {apiKey.scopes.join(', ')}
            {apiKey.allowedIps.length === 0 ? null : ` from ${apiKey.allowedIps.join(', ')}`}
          </>,
          timeOr(apiKey.expiresAt, 'Never'),
          timeOr(apiKey.lastUsedAt, 'Not yet'),
          <bdi>{creatorOf(apiKey, creators)}</bdi>,
        ])}
      />
    )}
  </KeyPage>
);

function creatorOf({ createdBy }: ApiKey, creators: Shown['creators']): string {
  if (createdBy === null) return 'Came with the sandbox';
  return creators.get(createdBy) ?? 'A former developer';
}

/** Why a form led to its key: `?notice=`. */
const NOTICES = {
  made: 'This key was made already, and shown once to whoever “Made by” names: without a copy, roll or revoke it.',
  ended: 'This key was rolled or revoked before, or has expired: nothing was changed.',
} as const;

/** One key, in whatever state. */
export const KeyView: FC<Shown & { apiKey: ApiKey; notice: string | undefined }> = ({
  apiKey,
  creators,
  now,
  notice = '',
  ...viewing
}) => {
  const status = keyStatusOf(apiKey, now);
  const isLive = status === 'active' || status === 'rolled';
  const isOurs = apiKey.keyId !== LOCAL_KEY_ID;
  return (
    <KeyPage
      {...viewing}
      title={apiKey.name}
      notice={
        Object.hasOwn(NOTICES, notice) ? (
          <Note tone="amber">
            <p>{NOTICES[notice as keyof typeof NOTICES]}</p>
          </Note>
        ) : null
      }
    >
      <Facts
        rows={[
          ['Key', <code>{keyLabelOf(apiKey)}</code>],
          ['Status', STATUS_TAGS[status]],
          ['Opens', scopeWords(apiKey.scopes)],
          ['Expires', timeOr(apiKey.expiresAt, 'Never')],
          ['Rolled', timeOr(apiKey.rolledAt, null)],
          ['Revoked', timeOr(apiKey.revokedAt, null)],
          ['Allowed addresses', apiKey.allowedIps.join(', ') || 'Any'],
          ['Last used', timeOr(apiKey.lastUsedAt, 'Not yet')],
          ['Made', <Time at={apiKey.createdAt} />],
          ['Made by', <bdi>{creatorOf(apiKey, creators)}</bdi>],
          ['Id', <Id value={apiKey.keyId} />],
        ]}
      />
      {apiKey.rolledFrom === null ? null : (
        <p>
          It took the place of <a href={pathOfKey(apiKey.rolledFrom)}>an earlier key</a>.
        </p>
      )}
      {isLive && isOurs && mayChange(viewing) ? (
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
      {isOurs ? null : <p>This key comes with the local sandbox, and stays.</p>}
    </KeyPage>
  );
};
