/** Passkeys on pages: the button that asks for one, and the account's own. */
import type { FC } from 'hono/jsx';
import { ACCOUNT_PATHS } from '#developers/accounts.ts';
import type { PasskeyForm } from '#developers/ask-passkey.flow.ts';
import { Field, Note, Table, Tag, Time } from '#developers/parts.view.tsx';
import { PASSKEY_NAME_MAXIMUM, type Passkey } from '#developers/passkey.ts';
import { DASHBOARD } from '#developers/session.ts';

/** Scripts of a page with a passkey's button. */
export const PASSKEY_SCRIPTS = ['/generated/webauthn.js', '/assets/passkeys.js'];

/** One text for what is wrong with a passkey: a stranger may not learn which. */
export const PASSKEY_FAILURE =
  'That passkey was not accepted, or the page was open for too long. Please try again.';

/** What the script reads and fills in. */
const Ceremony: FC<{ readonly form: PasskeyForm }> = ({ form }) => (
  <>
    <input type="hidden" name="sealed" value={form.sealed} />
    <input type="hidden" name="response" data-options={form.options} />
    <p class="hint" role="status">
      Passkeys need JavaScript.
    </p>
  </>
);

/** Another way to sign in or to confirm, below the password; nothing where the host can have no passkeys. */
export const PasskeyOffer: FC<{
  readonly action: string;
  readonly form: PasskeyForm | undefined;
  readonly next: string;
  readonly label: string;
}> = ({ action, form, next, label }) =>
  form === undefined ? null : (
    <form class="form" method="post" action={action} data-passkey="get">
      {next === DASHBOARD ? null : <input type="hidden" name="next" value={next} />}
      <Ceremony form={form} />
      <button class="button plain" type="submit" disabled>
        {label}
      </button>
    </form>
  );

const RemoveButton: FC<{ readonly passkey: Passkey }> = ({ passkey }) => (
  <form method="post" action={ACCOUNT_PATHS.removePasskey}>
    <input type="hidden" name="credential_id" value={passkey.credentialId} />
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
    <p>
      A passkey signs you in with your fingerprint, face or device PIN. It works on this site alone, so nobody
      can trick you out of it.
    </p>
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
        <p>This address is a number, and passkeys need a name: open the dashboard at localhost instead.</p>
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
      hint="So that you know it again: the device or password manager that keeps it."
      maxlength={PASSKEY_NAME_MAXIMUM}
    />
    <Ceremony form={form} />
    <button class="button" type="submit" disabled>
      Add the passkey
    </button>
  </form>
);
