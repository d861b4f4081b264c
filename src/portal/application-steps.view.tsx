/** The four steps in which an application is made. */
import type { FC } from 'hono/jsx';
import type { Statement } from '#clients/statement.ts';
import { CodeBlock, Facts, Hidden, Note, type Problem, ShownFor } from '#developers/parts.view.tsx';
import { type ApplicationDraft, isReached, STEPS, type Step } from '#portal/application-draft.ts';
import { ApplicationsPage, KeyFields, SoftwareFields } from '#portal/application-form.view.tsx';
import { NEW_PATH } from '#portal/application-paths.ts';
import { type Asked, AskedField, Form, type SectionProps, type Viewing } from '#portal/portal-page.view.tsx';

/** Each step's address. */
export const STEP_PATHS = {
  software: NEW_PATH,
  keys: `${NEW_PATH}/keys`,
  statement: `${NEW_PATH}/statement`,
  review: `${NEW_PATH}/review`,
} as const satisfies Record<Step, string>;

const STEP_TITLES = {
  software: 'What it is',
  keys: 'Its keys',
  statement: 'Its software statement',
  review: 'Review and register',
} as const satisfies Record<Step, string>;

/** A page of one step, beginning with the way to all of them. */
const StepPage: FC<
  Omit<SectionProps, 'title'> & { readonly step: Step; readonly draft: ApplicationDraft | undefined }
> = ({ step, draft, children, ...page }) => (
  <ApplicationsPage {...page} title={`New application: ${STEP_TITLES[step].toLowerCase()}`}>
    <nav aria-label="Steps">
      <ol class="steps">
        {STEPS.map((name) => (
          <li>
            {name === step || isReached(draft?.content ?? {}, name) ? (
              <a href={STEP_PATHS[name]} aria-current={name === step ? 'step' : undefined}>
                {STEP_TITLES[name]}
              </a>
            ) : (
              <span>{STEP_TITLES[name]}</span>
            )}
          </li>
        ))}
      </ol>
    </nav>
    {children}
  </ApplicationsPage>
);

type StepProps = Viewing & { readonly draft: ApplicationDraft; readonly asked: Asked };

/** Step 1; the draft is undefined before it is answered. */
export const SoftwareStepView: FC<
  Viewing & { readonly draft: ApplicationDraft | undefined; readonly asked: Asked }
> = ({ draft, asked, ...viewing }) => (
  <StepPage {...viewing} draft={draft} step="software" problems={asked.problems}>
    <p>
      An application is your software as the bank knows it. You give it a name and keys, and it gets a client
      id.
    </p>
    {draft === undefined ? null : (
      <p>
        You began this one before. <a href={`${NEW_PATH}?fresh=1`}>Begin with an empty form</a>
      </p>
    )}
    <Form action={STEP_PATHS.software} submit="Continue to keys">
      {draft === undefined ? null : <Hidden fields={{ draft: draft.draftId }} />}
      <ShownFor {...viewing} />
      <SoftwareFields asked={asked} site={viewing.site} withRoles={viewing.site.environment === 'sandbox'} />
    </Form>
  </StepPage>
);

/** Step 2. */
export const KeysStepView: FC<StepProps> = ({ draft, asked, ...viewing }) => (
  <StepPage
    {...viewing}
    draft={draft}
    step="keys"
    problems={asked.problems}
    scripts={['/assets/application-keys.js']}
  >
    <p>Your software proves itself with its private key, which we never see.</p>
    <Form action={STEP_PATHS.keys} submit="Continue to the software statement" data-keys>
      <Hidden fields={{ draft: draft.draftId }} />
      <KeyFields
        asked={asked}
        kept={
          viewing.site.environment === 'sandbox'
            ? undefined
            : ['statement', 'They are in my software statement']
        }
      />
    </Form>
  </StepPage>
);

/** Step 3: minted in the sandbox, pasted in production. */
export const StatementStepView: FC<StepProps & { readonly isMinted: boolean }> = ({
  draft,
  asked,
  isMinted,
  ...viewing
}) => {
  const { keys } = draft.content;
  return (
    <StepPage {...viewing} draft={draft} step="statement" problems={asked.problems}>
      <p>A directory signs in it who you are, what your software may do, its keys and redirect URIs.</p>
      {isMinted ? (
        <p>
          The sandbox’s own signs one for <b>{viewing.member.organisation.name}</b> with what you answered.
        </p>
      ) : null}
      {!isMinted && keys?.by === 'value' ? (
        <>
          <p>Add the public keys of step 2 at your directory, then get a new statement.</p>
          <CodeBlock label="Your public keys" code={JSON.stringify(keys.jwks, undefined, 2)} />
        </>
      ) : null}
      <Form
        action={STEP_PATHS.statement}
        submit={isMinted ? 'Get the statement and continue' : 'Check it and continue'}
      >
        <Hidden fields={{ draft: draft.draftId }} />
        {isMinted ? null : (
          <AskedField
            asked={asked}
            label="Software statement"
            name="software_statement"
            rows={8}
            code
            hint="The whole JWT, from a directory that this bank trusts."
          />
        )}
      </Form>
    </StepPage>
  );
};

function keyWords({ keys }: Statement): string {
  if (keys === undefined) return 'None';
  return keys.by === 'reference' ? keys.jwksUri : keys.jwks.keys.map(({ kid, kty }) => kid ?? kty).join(', ');
}

/** Step 4: what will be posted, as it will be posted. */
export const ReviewStepView: FC<
  Viewing & {
    readonly draft: ApplicationDraft;
    /** Undefined where it is refused by now. */
    readonly statement: Statement | undefined;
    /** The request's body. */
    readonly body: string;
    /** The sealed form. */
    readonly form: string;
    readonly problems: readonly Problem[];
  }
> = ({ statement, body, form, ...page }) => (
  <StepPage {...page} step="review">
    {statement === undefined ? null : (
      <>
        <p>The software statement says:</p>
        <Facts
          rows={[
            ['Software', <bdi>{statement.softwareName}</bdi>],
            ['Organisation', <bdi>{statement.organisationName}</bdi>],
            ['Roles', statement.roles.join(', ')],
            ['Redirect URIs', statement.redirectUris.join(', ')],
            ['Keys', keyWords(statement)],
          ]}
        />
      </>
    )}
    <p>Register sends exactly this (RFC 7591), as your own software can.</p>
    <CodeBlock label={`POST ${page.site.issuer}/register`} code={body} />
    {page.site.environment === 'production' ? (
      <Note tone="amber">
        <p>
          This registers software for real customers. Once it has called us, its statement serves no other
          application.
        </p>
      </Note>
    ) : null}
    <Form action={STEP_PATHS.review} submit="Register" disabled={statement === undefined}>
      <Hidden fields={{ form }} />
    </Form>
  </StepPage>
);
