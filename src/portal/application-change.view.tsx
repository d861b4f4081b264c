/** Pages that change an application: what is registered, its registration token, its end, its leaving. */
import type { FC, PropsWithChildren } from 'hono/jsx';
import type { OwnedRegistration } from '#clients/organisation-clients.flow.ts';
import { ConfirmByTyping, errorOf, Hidden, Note, type Problem } from '#developers/parts.view.tsx';
import { ApplicationsPage, KeyFields, SoftwareFields } from '#portal/application-form.view.tsx';
import { applicationPath } from '#portal/application-paths.ts';
import { type Asked, AskedField, Form, type Viewing } from '#portal/portal-page.view.tsx';

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
  return (
    <ApplicationsPage
      {...viewing}
      title={`Change ${client.softwareName}`}
      problems={asked.problems}
      scripts={['/assets/application-keys.js']}
    >
      <p>
        Saving replaces the registration as <code>{`PUT /register/${client.clientId}`}</code> does; what this
        form does not name stays.
      </p>
      <Form
        action={applicationPath(client.clientId, 'edit')}
        submit="Save"
        cancel={applicationPath(client.clientId)}
        data-keys
      >
        <Hidden fields={{ version: asked.values['version'] ?? String(client.version) }} />
        <SoftwareFields asked={asked} site={viewing.site} withRoles={isMinted} />
        {isMinted ? null : (
          <AskedField
            asked={asked}
            label="New software statement"
            name="software_statement"
            rows={6}
            code
            hint="If your directory has issued another one."
            optional
          />
        )}
        {isMinted || statement.keys === undefined ? (
          <KeyFields asked={asked} kept={['keep', 'Keep the keys']} />
        ) : (
          <p class="hint">Keys are those of the software statement: change them at your directory.</p>
        )}
      </Form>
    </ApplicationsPage>
  );
};

/** What is asked about, and what was wrong with the answer. */
type ChangeProps = Viewing & {
  readonly owned: OwnedRegistration;
  readonly problems?: readonly Problem[];
};

/** Asks before something is done to an application. */
const AskFirst: FC<
  PropsWithChildren<
    ChangeProps & { readonly title: string; readonly submit: string; readonly danger?: boolean }
  >
> = ({ owned, submit, danger = false, children, ...page }) => (
  <ApplicationsPage {...page}>
    <Form submit={submit} danger={danger} cancel={applicationPath(owned.registration.client.clientId)}>
      {children}
    </Form>
  </ApplicationsPage>
);

/** Asks before the registration token is rotated. */
export const RotateView: FC<ChangeProps & { readonly form: string }> = ({ form, ...props }) => (
  <AskFirst {...props} title="Rotate the registration token" submit="Rotate">
    <p>
      <bdi>{props.owned.registration.client.softwareName}</bdi> gets a new one; the old is refused at once.
      Calls of the API go on: they do not use it.
    </p>
    <Hidden fields={{ form }} />
  </AskFirst>
);

/** Asks for the name before an application ends. */
export const DeleteView: FC<ChangeProps> = ({ problems = [], ...props }) => {
  const { softwareName } = props.owned.registration.client;
  return (
    <AskFirst {...props} problems={problems} title={`Delete ${softwareName}`} submit="Delete" danger>
      <Note tone="danger">
        <p>
          <b>This cannot be undone.</b> From then on each call of the application is refused, and all its
          consents end.
        </p>
      </Note>
      <ConfirmByTyping expected={softwareName} error={errorOf(problems, 'confirmation')} />
    </AskFirst>
  );
};

/** Asks before an application leaves. */
export const LeaveView: FC<ChangeProps> = (props) => (
  <AskFirst
    {...props}
    title={`Let ${props.owned.registration.client.softwareName} leave`}
    submit="Let it leave"
  >
    <p>It goes on working, but shows here only if it joins again, with its registration access token.</p>
  </AskFirst>
);
