/** Pages that change an application: what is registered, its registration token, its end, its leaving. */
import type { FC } from 'hono/jsx';
import type { OwnedRegistration } from '#clients/organisation-clients.flow.ts';
import { ConfirmByTyping, Field, Note, ProblemSummary } from '#developers/parts.view.tsx';
import {
  ApplicationsPage,
  type Asked,
  Hidden,
  KeyFields,
  problemOf,
  SoftwareFields,
  type Viewing,
} from '#portal/application-form.view.tsx';
import { applicationPath } from '#portal/application-paths.ts';

/** The two ways out of a form: to do it, or back to the application. */
const Decide: FC<{ readonly clientId: string; readonly label: string; readonly danger?: boolean }> = ({
  clientId,
  label,
  danger = false,
}) => (
  <div class="links">
    <button class={danger ? 'button danger' : 'button'} type="submit">
      {label}
    </button>
    <a class="button plain" href={applicationPath(clientId)}>
      Cancel
    </a>
  </div>
);

/** Changes what is registered. */
export const EditView: FC<
  Viewing & {
    readonly owned: OwnedRegistration;
    readonly asked: Asked;
    /** Whether the sandbox directory issues a new statement with each change. */
    readonly isMinted: boolean;
  }
> = ({ owned, asked, isMinted, ...viewing }) => {
  const { client, statement } = owned.registration;
  const mayBringKeys = isMinted || statement.keys === undefined;
  return (
    <ApplicationsPage
      {...viewing}
      title={`Change ${client.softwareName}`}
      failed={asked.problems.length > 0}
      scripts={['/assets/application-keys.js']}
    >
      <ProblemSummary topic="applications" errors={asked.problems} />
      <p>
        Saving replaces the registration as <code>{`PUT /register/${client.clientId}`}</code> does; members
        that this form does not name stay. It holds from your next request on.
      </p>
      <form class="form" method="post" action={applicationPath(client.clientId, 'edit')} data-keys>
        <Hidden name="version" value={asked.values['version'] ?? String(client.version)} />
        <SoftwareFields asked={asked} site={viewing.site} withRoles={isMinted} />
        {isMinted ? null : (
          <Field
            label="New software statement"
            name="software_statement"
            rows={6}
            code
            value={asked.values['software_statement']}
            hint="Only where your directory has issued another one for this software: for new redirect URIs, roles or keys."
            error={problemOf(asked, 'software_statement')}
            optional
          />
        )}
        {mayBringKeys ? (
          <KeyFields
            asked={asked}
            kept={{
              value: 'keep',
              title: 'Keep the keys',
              hint: 'Those registered now stay as they are.',
            }}
          />
        ) : (
          <p class="hint">Keys are those of the software statement: change them at your directory.</p>
        )}
        <Decide clientId={client.clientId} label="Save" />
      </form>
    </ApplicationsPage>
  );
};

/** Asks before the registration token is rotated. */
export const RotateView: FC<
  Viewing & { readonly owned: OwnedRegistration; readonly form: string; readonly problems: Asked['problems'] }
> = ({ owned, form, problems, ...viewing }) => {
  const { clientId, softwareName } = owned.registration.client;
  return (
    <ApplicationsPage {...viewing} title="Rotate the registration token" failed={problems.length > 0}>
      <ProblemSummary topic="applications" errors={problems} />
      <p>
        <bdi>{softwareName}</bdi> gets a new registration access token, shown once. The old one is refused
        from that moment on. Calls of the API go on: they do not use it.
      </p>
      <form class="form" method="post" action={applicationPath(clientId, 'token')}>
        <Hidden name="form" value={form} />
        <Decide clientId={clientId} label="Rotate" />
      </form>
    </ApplicationsPage>
  );
};

/** Asks for the name before an application ends. */
export const DeleteView: FC<Viewing & { readonly owned: OwnedRegistration; readonly asked: Asked }> = ({
  owned,
  asked,
  ...viewing
}) => {
  const { clientId, softwareName } = owned.registration.client;
  return (
    <ApplicationsPage {...viewing} title={`Delete ${softwareName}`} failed={asked.problems.length > 0}>
      <ProblemSummary topic="applications" errors={asked.problems} />
      <Note tone="danger">
        <p>
          <b>This cannot be undone.</b> From that moment on each call of the application is refused, its
          tokens open nothing, and all consents its customers gave it end.
        </p>
      </Note>
      <form class="form" method="post" action={applicationPath(clientId, 'delete')}>
        <ConfirmByTyping expected={softwareName} error={problemOf(asked, 'confirmation')} />
        <Decide clientId={clientId} label="Delete" danger />
      </form>
    </ApplicationsPage>
  );
};

/** Asks before an application leaves. */
export const LeaveView: FC<
  Viewing & { readonly owned: OwnedRegistration; readonly problems: Asked['problems'] }
> = ({ owned, problems, ...viewing }) => {
  const { clientId, softwareName } = owned.registration.client;
  return (
    <ApplicationsPage {...viewing} title={`Let ${softwareName} leave`} failed={problems.length > 0}>
      <ProblemSummary topic="applications" errors={problems} />
      <p>
        It goes on working, but no longer shows in this dashboard. To come back, it joins again with its
        registration access token.
      </p>
      <form class="form" method="post" action={applicationPath(clientId, 'leave')}>
        <Decide clientId={clientId} label="Let it leave" />
      </form>
    </ApplicationsPage>
  );
};
