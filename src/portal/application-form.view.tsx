/** The questions about an application, as its making and its changing ask them. */
import type { FC } from 'hono/jsx';
import { ROLES, type Role } from '#clients/client.ts';
import { Choice, Choices } from '#developers/choices.view.tsx';
import { errorOf, Field, Hidden, Note } from '#developers/parts.view.tsx';
import { type KeyAnswers, nameMaximum, type SoftwareAnswers } from '#portal/application-answers.ts';
import { APPLICATIONS_PATH } from '#portal/application-paths.ts';
import {
  type Asked,
  AskedField,
  PortalPage,
  type SectionProps,
  type Viewing,
} from '#portal/portal-page.view.tsx';

/** A page of the section. */
export const ApplicationsPage: FC<SectionProps> = (page) => (
  <PortalPage {...page} current={APPLICATIONS_PATH} topic="applications" />
);

/** What each role is for. */
const ROLE_WORDS: Readonly<Record<Role, string>> = {
  AISP: 'AISP: reads accounts, balances and transactions',
  PISP: 'PISP: makes payments from a customer’s account',
  CBPII: 'CBPII: asks whether an account holds enough',
};

/** Name, logo and redirect URIs; the roles where the sandbox directory certifies them. */
export const SoftwareFields: FC<
  Pick<Viewing, 'site'> & { readonly asked: Asked; readonly withRoles: boolean }
> = ({ asked, site, withRoles }) => (
  <>
    <AskedField
      asked={asked}
      label="Name"
      name="name"
      hint={
        withRoles
          ? 'Customers see it when they are asked for their consent.'
          : 'For you. Customers see the name in your software statement.'
      }
      maxlength={nameMaximum(withRoles)}
      autocomplete="off"
    />
    <AskedField
      asked={asked}
      label="Logo"
      name="logo_uri"
      type="url"
      hint="The https address of an image."
      optional
    />
    <AskedField
      asked={asked}
      label="Redirect URIs"
      name="redirect_uris"
      rows={3}
      code
      hint={
        site.environment === 'sandbox'
          ? 'Where customers come back to, one a line: https, or http for localhost.'
          : 'Where customers come back to, one a line: https, and named in your software statement.'
      }
    />
    {withRoles ? (
      <div id="roles">
        <Choices
          legend="What it does"
          hint="In production your software statement says it."
          error={errorOf(asked.problems, 'roles')}
        >
          {ROLES.map((role) => (
            <Choice
              title={ROLE_WORDS[role]}
              type="checkbox"
              name={`role_${role}`}
              value="on"
              checked={asked.values[`role_${role}`] !== undefined}
            />
          ))}
        </Choices>
      </div>
    ) : null}
  </>
);

/** Ways to bring keys: the choice's value, title and hint. */
type KeySource = readonly [value: string, title: string, hint?: string];

const KEY_SOURCES: readonly KeySource[] = [
  [
    'generated',
    'Generate a key pair here',
    'In your browser. You get the private key as a file; we get the public half.',
  ],
  ['jwks', 'Paste public keys'],
  ['jwks_uri', 'Name the address of your keys', 'We fetch them: you change keys by yourself.'],
];

/** Where the keys come from: made here by the script, pasted, or behind an address. `kept`: what leaves them where they are. */
export const KeyFields: FC<{ readonly asked: Asked; readonly kept?: KeySource | undefined }> = ({
  asked,
  kept,
}) => {
  const chosen = asked.values['key_source'] ?? (kept?.[0] === 'keep' ? 'keep' : 'generated');
  const error = errorOf(asked.problems, 'generate');
  return (
    <>
      <Choices legend="Where its keys come from">
        {[...(kept === undefined ? [] : [kept]), ...KEY_SOURCES].map(([value, title, hint]) => (
          <Choice
            type="radio"
            name="key_source"
            value={value}
            title={title}
            hint={hint}
            checked={chosen === value}
          />
        ))}
      </Choices>
      <div data-source="generated" id="generate">
        <div class="field">
          <div data-unscripted>
            <Note tone="amber">
              <p>
                Generating keys needs JavaScript. Without it, make them as the{' '}
                <a href="/docs/getting-started">getting-started guide</a> does, and paste them below.
              </p>
            </Note>
          </div>
          {error === undefined ? null : (
            <p class="wrong" id="generate-error">
              {error}
            </p>
          )}
          <Hidden fields={{ generated_jwks: asked.values['generated_jwks'] }} />
          <div data-scripted hidden>
            <div class="field">
              <Field
                label="Algorithm"
                name="algorithm"
                value="ES256"
                options={[
                  ['ES256', 'ES256'],
                  ['PS256', 'PS256 (RSA)'],
                ]}
              />
              <p>
                <button
                  class="button plain"
                  type="button"
                  data-generate
                  aria-describedby={error === undefined ? undefined : 'generate-error'}
                >
                  Generate and save the private key
                </button>
              </p>
            </div>
          </div>
          <p class="hint" role="status" data-status></p>
        </div>
      </div>
      <div data-source="jwks">
        <AskedField
          asked={asked}
          label="Public keys (JWK set)"
          name="jwks"
          rows={6}
          code
          hint="JSON, at most 20 keys, each RSA of 2048 to 4096 bits, EC P-256 or Ed25519. Public members only."
          optional
        />
      </div>
      <div data-source="jwks_uri">
        <AskedField
          asked={asked}
          label="Address of the keys (jwks_uri)"
          name="jwks_uri"
          type="url"
          hint="An https address of a public host, on port 443."
          optional
        />
      </div>
    </>
  );
};

/** The fields of software as it stands. */
export function softwareValues({ name, logoUri, redirectUris, roles }: SoftwareAnswers): Asked['values'] {
  return {
    name,
    logo_uri: logoUri,
    redirect_uris: redirectUris.join('\n'),
    ...Object.fromEntries(roles.map((role) => [`role_${role}`, 'on'])),
  };
}

/** The fields of keys that were answered before. */
export function keyValues(keys: KeyAnswers | undefined): Asked['values'] {
  if (keys === undefined) return {};
  if (keys.by === 'statement') return { key_source: 'statement' };
  if (keys.by === 'reference') return { key_source: 'jwks_uri', jwks_uri: keys.jwksUri };
  return { key_source: 'jwks', jwks: JSON.stringify(keys.jwks, undefined, 2) };
}
