/** Pages that change API keys: the form of a new one, the page that shows it this once, rolling and revoking. */
import type { FC } from 'hono/jsx';
import { type ApiKey, type KeyScope, keyLabelOf } from '#clients/api-key.ts';
import type { LiveKeyStep } from '#clients/live-key.flow.ts';
import { Choice, Choices } from '#developers/choices.view.tsx';
import { CodeBlock, EmptyState, errorOf, Facts, Hidden, Note, ShownFor } from '#developers/parts.view.tsx';
import { curlOf, KEYS_PATH, KeyPage, pathOfKey, timeOr } from '#portal/api-keys.view.tsx';
import {
  LIFETIMES,
  NAME_MAXIMUM,
  OVERLAPS,
  SCOPE_WORDS,
  scopeField,
  scopeWords,
} from '#portal/key-wanted.ts';
import { type Asked, AskedField, Form, type Viewing } from '#portal/portal-page.view.tsx';
import { STEP_WORDS } from '#portal/production.view.tsx';

/** Instead of the form, where production asks for more. */
export const NotReadyView: FC<Viewing & { missing: LiveKeyStep }> = ({ missing, ...viewing }) => (
  <KeyPage {...viewing} title="New API key">
    <EmptyState title="Not yet: one thing is missing">
      <p>
        <b>{STEP_WORDS[missing].title}.</b> {STEP_WORDS[missing].words}
      </p>
      <p>
        <a class="button" href="/dashboard/production">
          What production asks for
        </a>
      </p>
    </EmptyState>
  </KeyPage>
);

export const NewKeyView: FC<Viewing & { asked: Asked; offered: readonly KeyScope[] }> = ({
  asked,
  offered,
  ...viewing
}) => (
  <KeyPage {...viewing} title="New API key" problems={asked.problems}>
    <Form submit="Make the key" cancel={KEYS_PATH}>
      <Hidden fields={{ nonce: asked.values['nonce'] }} />
      <ShownFor {...viewing} />
      <AskedField
        asked={asked}
        label="Name"
        name="name"
        hint="Where it will be used."
        maxlength={NAME_MAXIMUM}
        autocomplete="off"
      />
      <div id="scopes">
        <Choices
          legend="What it opens"
          hint="Take only what the program needs."
          error={errorOf(asked.problems, 'scopes')}
        >
          {offered.map((scope) => (
            <Choice
              title={SCOPE_WORDS[scope]}
              type="checkbox"
              name={scopeField(scope)}
              value="on"
              checked={asked.values[scopeField(scope)] !== undefined}
            />
          ))}
        </Choices>
      </div>
      <AskedField asked={asked} label="Expires after" name="lifetime" options={Object.entries(LIFETIMES)} />
      <AskedField
        asked={asked}
        label="Allowed IP addresses"
        name="allowed_ips"
        hint="One address or range a line, as 203.0.113.0/24. Empty: any."
        rows={3}
        optional
        code
      />
    </Form>
  </KeyPage>
);

/** The only page that ever shows a key: the answer to the form that made it. `old`: the one whose place it took. */
export const ShownOnceView: FC<
  Viewing & { now: number; apiKey: ApiKey; secret: string; old?: ApiKey | undefined }
> = ({ now, apiKey, secret, old, ...viewing }) => (
  <KeyPage
    {...viewing}
    title="Your new API key"
    notice={
      <Note tone="amber">
        <p>
          <b>Copy it now.</b> We keep only a digest of it: no other page shows it. Keep it out of your code.
        </p>
      </Note>
    }
  >
    <CodeBlock label={`${apiKey.name}: the key`} code={secret} />
    <CodeBlock label="Try it" code={curlOf(viewing.site, secret)} />
    {apiKey.allowedIps.length === 0 ? null : <p>It works from {apiKey.allowedIps.join(', ')} alone.</p>}
    {old === undefined ? null : (
      <p>
        The old key <code>{keyLabelOf(old)}</code>{' '}
        {old.expiresAt === now ? 'has stopped working' : <>works until {timeOr(old.expiresAt, 'revoked')}</>}.
      </p>
    )}
    <p>
      <a class="button" href={KEYS_PATH}>
        I have copied it
      </a>
    </p>
  </KeyPage>
);

/** What is about to be changed. */
type ChangeProps = Viewing & { readonly apiKey: ApiKey };

export const RollView: FC<ChangeProps & Pick<Asked, 'problems'>> = ({ apiKey, ...page }) => (
  <KeyPage {...page} title="Roll this API key">
    <p class="lead">
      You get a new key with the same name, scopes, addresses and lifetime in place of{' '}
      <bdi>{apiKey.name}</bdi> <code>{keyLabelOf(apiKey)}</code>.
    </p>
    <Form submit="Roll the key" cancel={pathOfKey(apiKey.keyId)}>
      <Choices legend="How long the old key goes on working" hint="Never beyond its own end.">
        {Object.entries(OVERLAPS).map(([seconds, words]) => (
          <Choice type="radio" name="overlap" value={seconds} title={words} checked={seconds === '3600'} />
        ))}
      </Choices>
    </Form>
  </KeyPage>
);

export const RevokeView: FC<ChangeProps> = ({ apiKey, ...viewing }) => (
  <KeyPage {...viewing} title="Revoke this API key?">
    <p class="lead">
      Programs that use <bdi>{apiKey.name}</bdi> <code>{keyLabelOf(apiKey)}</code> are refused from the next
      call on. This cannot be undone.
    </p>
    <Facts
      rows={[
        ['Last used', timeOr(apiKey.lastUsedAt, 'Not yet')],
        ['Opens', scopeWords(apiKey.scopes)],
      ]}
    />
    <Form submit="Revoke the key" danger cancel={pathOfKey(apiKey.keyId)} />
  </KeyPage>
);
