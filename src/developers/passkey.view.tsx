/** Passkeys on pages: the button that asks for one, and the account's own. */
import type { FC } from 'hono/jsx';
import { ACCOUNT_PATHS } from '#developers/accounts.ts';
import type { PasskeyForm } from '#developers/ask-passkey.flow.ts';
import { Field, Hidden, Note, Table, Tag, Time } from '#developers/parts.view.tsx';
import { PASSKEY_NAME_MAXIMUM, type Passkey } from '#developers/passkey.ts';

/** Scripts of a page with a passkey's button. */
export const PASSKEY_SCRIPTS = ['/generated/webauthn.js', '/assets/passkeys.js'];

/** One text for what is wrong with a passkey: a stranger may not learn which. */
export const PASSKEY_FAILURE =
  'That passkey was not accepted, or the page was open for too long. Please try again.';

/** What the script reads and fills in. */
const Ceremony: FC<{ readonly form: PasskeyForm }> = ({ form }) => (
  <>
    <Hidden fields={{ sealed: form.sealed }} />
    <input type="hidden" name="response" data-options={form.options} />
    <p class="hint" role="status">
      Passkeys need JavaScript.
    </p>
  </>
);

/** Another way to sign in or to confirm, below the password; nothing where the host can have no passkeys. */
export const PasskeyOffer: FC<{
  /** Of the password's form. */
  readonly action: string;
  readonly does: string;
  readonly hidden: Readonly<Record<string, string>>;
  readonly form: PasskeyForm | undefined;
}> = ({ action, does, hidden, form }) =>
  form === undefined ? null : (
    <form class="form" method="post" action={`${action}/passkey`} data-passkey="get">
      <Hidden fields={hidden} />
      <Ceremony form={form} />
      <button class="button plain" type="submit" disabled>
        {`${does} with a passkey`}
      </button>
    </form>
  );

const RemoveButton: FC<{ readonly passkey: Passkey }> = ({ passkey }) => (
  <form method="post" action={ACCOUNT_PATHS.removePasskey}>
    <Hidden fields={{ credential_id: passkey.credentialId }} />
    <button class="button plain" type="submit" aria-label={`Remove ${passkey.name}`}>
      Remove
    </button>
  </form>
);

/** The section of the account's page. */
export const PasskeysSection: FC<{ readonly passkeys: readonly Passkey[]; readonly available: boolean }> = ({
  passkeys,
  available,
}) => (
  <>
    <h2 id="passkeys">Passkeys</h2>
    <p>A passkey signs you in by your fingerprint, face or PIN, and works on this site alone.</p>
    {passkeys.length === 0 ? null : (
      <Table
        caption="Passkeys"
        columns={['Name', 'Kept', 'Added', 'Last used', 'Remove']}
        rows={passkeys.map((passkey) => [
          <bdi>{passkey.name}</bdi>,
          passkey.backedUp ? <Tag>Synchronised</Tag> : <Tag>On one device</Tag>,
          <Time at={passkey.createdAt} />,
          passkey.lastUsedAt === null ? 'Never' : <Time at={passkey.lastUsedAt} />,
          <RemoveButton passkey={passkey} />,
        ])}
      />
    )}
    {available ? (
      <p>
        <a class="button plain" href={ACCOUNT_PATHS.passkeys}>
          Add a passkey
        </a>
      </p>
    ) : (
      <Note>
        <p>Passkeys need a name in the address: open the dashboard at localhost instead.</p>
      </Note>
    )}
  </>
);

/** The form that makes a passkey. */
export const NewPasskeyForm: FC<{ readonly form: PasskeyForm; readonly name: string }> = ({ form, name }) => (
  <form class="form" method="post" action={ACCOUNT_PATHS.passkeys} data-passkey="create">
    <Field
      label="Name"
      name="name"
      value={name}
      hint="The device or password manager that keeps it."
      maxlength={PASSKEY_NAME_MAXIMUM}
    />
    <Ceremony form={form} />
    <button class="button" type="submit" disabled>
      Add the passkey
    </button>
  </form>
);
