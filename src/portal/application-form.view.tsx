/** The questions about an application, as its making and its changing ask them. */
import type { FC, PropsWithChildren } from 'hono/jsx';
import { ROLES, type Role } from '#clients/client.ts';
import { Choice, Choices } from '#developers/choices.view.tsx';
import { DashboardPage, type DashboardPageProps } from '#developers/dashboard.view.tsx';
import type { Member } from '#developers/member.ts';
import { Field, Note, type Problem } from '#developers/parts.view.tsx';
import type { Site } from '#developers/site.ts';
import { type KeyAnswers, nameMaximum, type SoftwareAnswers } from '#portal/application-answers.ts';
import { APPLICATIONS_PATH } from '#portal/application-paths.ts';

/** Who looks at a page, and where. */
export interface Viewing {
  readonly site: Site;
  readonly member: Member;
}

/** A page of the section. */
export const ApplicationsPage: FC<
  PropsWithChildren<Viewing & Omit<DashboardPageProps, 'site' | 'member' | 'current'>>
> = (page) => <DashboardPage {...page} current={APPLICATIONS_PATH} />;

export interface Asked {
  /** What was typed or stands there now, by field. */
  readonly values: Readonly<Record<string, string | undefined>>;
  readonly problems: readonly Problem[];
}

/** What is wrong with one field. */
export function problemOf({ problems }: Asked, field: string): string | undefined {
  return problems.find((problem) => problem.field === field)?.message;
}

const ROLE_WORDS = {
  AISP: ['Account information', 'AISP: reads accounts, balances and transactions'],
  PISP: ['Payment initiation', 'PISP: makes payments from a customer’s account'],
  CBPII: ['Confirmation of funds', 'CBPII: asks whether an account holds enough'],
} as const satisfies Record<Role, readonly [string, string]>;

/** Name, logo and redirect URIs; the roles where the sandbox directory certifies them. */
export const SoftwareFields: FC<{
  readonly asked: Asked;
  readonly site: Site;
  readonly withRoles: boolean;
}> = ({ asked, site, withRoles }) => (
  <>
    <Field
      label="Name"
      name="name"
      value={asked.values['name']}
      hint={
        withRoles
          ? 'Customers see it when they are asked for their consent.'
          : 'For you. Customers see the name in your software statement.'
      }
      error={problemOf(asked, 'name')}
      maxlength={nameMaximum(withRoles)}
      autocomplete="off"
    />
    <Field
      label="Logo"
      name="logo_uri"
      type="url"
      value={asked.values['logo_uri']}
      hint="The https address of an image. We keep it with the registration."
      error={problemOf(asked, 'logo_uri')}
      optional
    />
    <Field
      label="Redirect URIs"
      name="redirect_uris"
      rows={3}
      code
      value={asked.values['redirect_uris']}
      hint={
        site.environment === 'sandbox'
          ? 'Where customers come back to, one a line. https; http is allowed for localhost.'
          : 'Where customers come back to, one a line: https, and named in your software statement.'
      }
      error={problemOf(asked, 'redirect_uris')}
    />
    {withRoles ? (
      <div id="roles">
        <Choices
          legend="What it does"
          hint="The sandbox directory certifies the roles you choose. In production they are those of your registration with the regulator."
          error={problemOf(asked, 'roles')}
        >
          {ROLES.map((role) => (
            <Choice
              type="checkbox"
              name={`role_${role}`}
              value="on"
              title={ROLE_WORDS[role][0]}
              hint={ROLE_WORDS[role][1]}
              checked={asked.values[`role_${role}`] !== undefined}
            />
          ))}
        </Choices>
      </div>
    ) : null}
  </>
);

/** What keeps the keys as they are, where there are any. */
export interface KeptKeys {
  readonly value: 'keep' | 'statement';
  readonly title: string;
  readonly hint: string;
}

/** Where the keys come from: made here by the script, pasted, or behind an address. */
export const KeyFields: FC<{ readonly asked: Asked; readonly kept?: KeptKeys | undefined }> = ({
  asked,
  kept,
}) => {
  const chosen = asked.values['key_source'] ?? (kept?.value === 'keep' ? 'keep' : 'generated');
  const error = problemOf(asked, 'generate');
  return (
    <>
      <Choices legend="Where its keys come from">
        {kept === undefined ? null : (
          <Choice
            type="radio"
            name="key_source"
            value={kept.value}
            title={kept.title}
            hint={kept.hint}
            checked={chosen === kept.value}
          />
        )}
        <Choice
          type="radio"
          name="key_source"
          value="generated"
          title="Generate a key pair here"
          hint="In your browser. You get the private key as a file; we get the public half."
          checked={chosen === 'generated'}
        />
        <Choice
          type="radio"
          name="key_source"
          value="jwks"
          title="Paste public keys"
          hint="A JWK set that you made yourself."
          checked={chosen === 'jwks'}
        />
        <Choice
          type="radio"
          name="key_source"
          value="jwks_uri"
          title="Name the address of your keys"
          hint="We fetch the set from there, so that you can change keys by yourself."
          checked={chosen === 'jwks_uri'}
        />
      </Choices>
      <div data-source="generated" id="generate">
        <div class="field">
          <div data-unscripted>
            <Note tone="amber">
              <p>
                Generating keys needs JavaScript. Without it, make a key with the script of the{' '}
                <a href="/docs/getting-started">getting-started guide</a> and paste what it prints below.
              </p>
            </Note>
          </div>
          {error === undefined ? null : (
            <p class="wrong" id="generate-error">
              {error}
            </p>
          )}
          <input type="hidden" name="generated_jwks" value={asked.values['generated_jwks']} />
          <div data-scripted hidden>
            <div class="field">
              <Field
                label="Algorithm"
                name="algorithm"
                value="ES256"
                options={[
                  ['ES256', 'ES256: elliptic curve P-256, short and fast'],
                  ['PS256', 'PS256: RSA of 3072 bits'],
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
        <Field
          label="Public keys (JWK set)"
          name="jwks"
          rows={6}
          code
          value={asked.values['jwks']}
          hint="JSON, at most 20 keys, each RSA of 2048 to 4096 bits, EC P-256 or Ed25519. Public members only."
          error={problemOf(asked, 'jwks')}
          optional
        />
      </div>
      <div data-source="jwks_uri">
        <Field
          label="Address of the keys (jwks_uri)"
          name="jwks_uri"
          type="url"
          value={asked.values['jwks_uri']}
          hint="An https address of a public host, on port 443."
          error={problemOf(asked, 'jwks_uri')}
          optional
        />
      </div>
    </>
  );
};

/** A hidden field. */
export const Hidden: FC<{ readonly name: string; readonly value: string }> = (field) => (
  <input type="hidden" {...field} />
);

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
