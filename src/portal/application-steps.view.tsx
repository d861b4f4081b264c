/** The four steps in which an application is made. */
import type { Child, FC } from 'hono/jsx';
import type { Statement } from '#clients/statement.ts';
import {
  CodeBlock,
  DocsLink,
  Facts,
  Field,
  Note,
  ProblemSummary,
  ShownFor,
} from '#developers/parts.view.tsx';
import { type DraftContent, isReached, STEPS, type Step } from '#portal/application-draft.ts';
import {
  ApplicationsPage,
  type Asked,
  Hidden,
  KeyFields,
  problemOf,
  SoftwareFields,
  type Viewing,
} from '#portal/application-form.view.tsx';
import { NEW_PATH } from '#portal/application-paths.ts';

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

const Steps: FC<{ readonly step: Step; readonly content: DraftContent }> = ({ step, content }) => (
  <nav aria-label="Steps">
    <ol class="steps">
      {STEPS.map((name) => (
        <li>
          {isReached(content, name) || name === step ? (
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
);

interface StepProps extends Viewing {
  readonly content: DraftContent;
  /** Undefined before the first step is answered. */
  readonly draftId: string | undefined;
  readonly asked: Asked;
}

/** A step's form within its page. */
const StepPage: FC<
  Omit<StepProps, 'asked'> & {
    readonly asked?: Asked;
    readonly step: Step;
    readonly children?: Child;
    readonly scripts?: readonly string[];
  }
> = ({ step, content, asked, children, scripts = [], ...viewing }) => (
  <ApplicationsPage
    {...viewing}
    title={`New application: ${STEP_TITLES[step].toLowerCase()}`}
    failed={asked !== undefined && asked.problems.length > 0}
    scripts={scripts}
  >
    <Steps step={step} content={content} />
    {asked === undefined ? null : <ProblemSummary topic="applications" errors={asked.problems} />}
    {children}
  </ApplicationsPage>
);

const Draft: FC<{ readonly draftId: string | undefined }> = ({ draftId }) =>
  draftId === undefined ? null : <Hidden name="draft" value={draftId} />;

/** Step 1. */
export const SoftwareStepView: FC<StepProps> = (props) => (
  <StepPage {...props} step="software">
    <p>
      An application is your software as the bank knows it. You give it a name and keys, and it gets a client
      id. <DocsLink topic="applications" />
    </p>
    {props.content.software === undefined ? null : (
      <p>
        You began this one before. <a href={`${NEW_PATH}?fresh=1`}>Begin with an empty form</a>
      </p>
    )}
    <form class="form" method="post" action={STEP_PATHS.software}>
      <Draft {...props} />
      <ShownFor member={props.member} />
      <SoftwareFields
        asked={props.asked}
        site={props.site}
        withRoles={props.site.environment === 'sandbox'}
      />
      <button class="button" type="submit">
        Continue to keys
      </button>
    </form>
  </StepPage>
);

/** Step 2. */
export const KeysStepView: FC<StepProps> = (props) => (
  <StepPage {...props} step="keys" scripts={['/assets/application-keys.js']}>
    <p>
      Your software proves itself with a key pair. The private key stays with you; nobody at the bank ever
      sees it.
    </p>
    <form class="form" method="post" action={STEP_PATHS.keys} data-keys>
      <Draft {...props} />
      <KeyFields
        asked={props.asked}
        kept={
          props.site.environment === 'sandbox'
            ? undefined
            : {
                value: 'statement',
                title: 'They are in my software statement',
                hint: 'The directory that certifies your software knows your public keys already.',
              }
        }
      />
      <button class="button" type="submit">
        Continue to the software statement
      </button>
    </form>
  </StepPage>
);

function jwksText({ keys }: DraftContent): string | undefined {
  return keys?.by === 'value' ? JSON.stringify(keys.jwks, undefined, 2) : undefined;
}

/** Step 3: minted in the sandbox, pasted in production. */
export const StatementStepView: FC<StepProps & { readonly isMinted: boolean }> = (props) => {
  const ownKeys = jwksText(props.content);
  return (
    <StepPage {...props} step="statement">
      <p>
        A software statement is a signed text in which a directory says who you are, what your software may do
        and which keys and redirect URIs are its own. <DocsLink topic="applications" />
      </p>
      {props.isMinted ? (
        <>
          <p>
            In production it comes from the directory of your regulator. The sandbox has a directory of its
            own, which signs one for <b>{props.member.organisation.name}</b> with what you answered.
          </p>
          <form class="form" method="post" action={STEP_PATHS.statement}>
            <Draft {...props} />
            <button class="button" type="submit">
              Get the statement and continue
            </button>
          </form>
        </>
      ) : (
        <>
          {ownKeys === undefined ? null : (
            <>
              <p>
                Your directory has to know the public keys of step 2. Add them there, then get a new
                statement.
              </p>
              <CodeBlock label="Your public keys" code={ownKeys} />
            </>
          )}
          <form class="form" method="post" action={STEP_PATHS.statement}>
            <Draft {...props} />
            <Field
              label="Software statement"
              name="software_statement"
              rows={8}
              code
              value={props.asked.values['software_statement']}
              hint="The whole text (a JWT) from a directory that this bank trusts."
              error={problemOf(props.asked, 'software_statement')}
            />
            <button class="button" type="submit">
              Check it and continue
            </button>
          </form>
        </>
      )}
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
    readonly content: DraftContent;
    readonly draftId: string;
    readonly statement: Statement | undefined;
    /** The request's body. */
    readonly body: string;
    /** The sealed form; undefined where the request cannot be posted as it is. */
    readonly form: string;
    readonly problems: Asked['problems'];
  }
> = (props) => {
  const { statement, site, body } = props;
  return (
    <StepPage {...props} step="review" asked={{ values: {}, problems: props.problems }}>
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
      <p>
        This is the registration request (RFC 7591). Register sends exactly this; your own software can send
        the same.
      </p>
      <CodeBlock label={`POST ${site.issuer}/register`} code={body} />
      {site.environment === 'production' ? (
        <Note tone="amber">
          <p>
            This registers software for real customers of the bank. You can change or delete it later; the
            statement cannot be used for another application once this one has called us.
          </p>
        </Note>
      ) : null}
      <form class="form" method="post" action={STEP_PATHS.review}>
        <Hidden name="form" value={props.form} />
        <button class="button" type="submit" disabled={statement === undefined}>
          Register
        </button>
      </form>
    </StepPage>
  );
};
