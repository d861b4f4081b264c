/** Pages of the site that are not documents: front door, status, API reference, and what to show when there is nothing. */
import type { Child, FC, PropsWithChildren } from 'hono/jsx';
import type { Site } from '#developers/site.ts';
import type { PartStatus } from '#docs/check-status.flow.ts';
import type { DocumentEntry } from '#docs/documents.ts';
import { Page, type PageProps } from '#edge/frame.view.tsx';
import { dateTimeWords } from '#kernel/words.ts';

/** What a page with all documents shows. */
export interface DocumentList {
  readonly site: Site;
  readonly documents: readonly DocumentEntry[];
}

/** The documents as tiles. */
export const DocumentTiles: FC<Pick<DocumentList, 'documents'>> = ({ documents }) => (
  <ul class="tiles">
    {documents.map(({ slug, title, summary }) => (
      <li>
        <a href={`/docs/${slug}`}>
          <b>{title}</b>
          {summary}
        </a>
      </li>
    ))}
  </ul>
);

const FIRST_CALL = (issuer: string): Child => (
  <pre tabindex={0}>
    <code>
      BASE_URL={issuer}
      {'\n\n'}
      curl <b>"$BASE_URL/open-banking/v1/accounts"</b> \{'\n'}
      {'  '}-H <b>{'"Authorization: Bearer {access_token}"'}</b> \{'\n'}
      {'  '}-H <b>{'"X-Consent-ID: {consent_id}"'}</b>
      {'\n\n'}
      {`{
  "data": [
    {
      "account_id": "acc_1234567890",
      "currency": "GBP",
      "nickname": "Main Account",
      ...`}
    </code>
  </pre>
);

export const FrontDoorView: FC<DocumentList> = ({ site, documents }) => (
  <Page {...site} title="Open Banking API" audience="developer">
    <div class="hero">
      <div>
        <h1>Accounts and payments, once the customer says yes</h1>
        <p class="lead">
          Register your software, ask a customer for consent, then read the accounts they chose, make the
          payment they agreed to, or ask whether the money is there. OAuth 2.0, OpenID Connect and JSON.
        </p>
        <p class="links">
          <a class="button" href="/docs/getting-started">
            Get started
          </a>
          <a class="button plain" href={site.dashboardUrl}>
            Open the dashboard
          </a>
        </p>
      </div>
      {FIRST_CALL(site.issuer)}
    </div>
    <section class="prose" aria-labelledby="documentation">
      <h2 id="documentation">Documentation</h2>
      <DocumentTiles documents={documents} />
      <h2 id="machines">For machines</h2>
      <ul>
        <li>
          <a href="/openapi.json">OpenAPI document</a>
        </li>
        <li>
          <a href="/.well-known/openid-configuration">OpenID Connect discovery</a>
        </li>
        <li>
          <a href="/llms.txt">llms.txt</a>, and each document as Markdown: add <code>.md</code> to its address
        </li>
      </ul>
    </section>
  </Page>
);

/** A page that says one thing, in a card. */
const Told: FC<
  PropsWithChildren<{
    site: Site;
    title: string;
    audience?: PageProps['audience'];
    current?: '/status';
  }>
> = ({ site, title, audience = 'developer', current, children }) => (
  <Page {...site} title={title} audience={audience} {...(current === undefined ? {} : { current })}>
    <article class="card told">
      <h1>{title}</h1>
      {children}
    </article>
  </Page>
);

const PART_NAMES = { database: 'Database', keys: 'Signing keys' } as const;

export const StatusView: FC<{ site: Site; parts: readonly PartStatus[]; checkedAt: number }> = ({
  site,
  parts,
  checkedAt,
}) => (
  <Told
    site={site}
    current="/status"
    title={parts.every(({ usable }) => usable) ? 'Everything works' : 'Something is not working'}
  >
    <table aria-label="Parts of the bank’s service">
      {parts.map(({ part, usable }) => (
        <tr>
          <th scope="row">{PART_NAMES[part]}</th>
          <td class={usable ? 'good' : 'bad'}>{usable ? '\u2713 Working' : '\u2717 Not answering'}</td>
        </tr>
      ))}
    </table>
    <p class="hint">Checked {dateTimeWords(checkedAt)}</p>
    <p>
      <a href="/metrics/open-banking">Availability and performance, day by day</a>
    </p>
    <p class="hint">
      Programs ask for the same with <code>Accept: application/json</code>: 200 is usable, 503 is not.
    </p>
  </Told>
);

export const NotFoundView: FC<{ site: Site; audience: PageProps['audience'] }> = ({ site, audience }) => (
  <Told site={site} audience={audience} title="There is no page here">
    <p>The address may have a typing error, or the page has moved.</p>
    {audience === 'customer' ? (
      <p>
        <a class="button" href="/my/access">
          Go to your access page
        </a>
      </p>
    ) : (
      <p class="links">
        <a class="button" href="/docs">
          Documentation
        </a>
        <a class="button plain" href="/">
          Front page
        </a>
      </p>
    )}
  </Told>
);

export const FaultView: FC<{
  site: Site;
  audience: PageProps['audience'];
  isOutage: boolean;
  requestId: string;
}> = ({ site, audience, isOutage, requestId }) => (
  <Told
    site={site}
    audience={audience}
    title={isOutage ? 'We cannot answer right now' : 'Something went wrong at our end'}
  >
    <p>It was not your doing. Please try again in a moment.</p>
    <p class="hint">
      If it stays like this, write to us with the request id: <span class="id">{requestId}</span>
    </p>
  </Told>
);

/** Scalar draws the reference into this page from /openapi.json; without scripts the document itself is linked. */
export const ReferenceView: FC<Site> = (site) => (
  <Page
    {...site}
    title="API reference"
    audience="developer"
    current="/reference"
    scripts={['/assets/reference.js', '/generated/api-reference.js']}
    drawsMain
  >
    <div id="reference" />
    <noscript>
      <main>
        <h1>API reference</h1>
        <p>
          It needs JavaScript. <a href="/openapi.json">The OpenAPI document</a> says the same.
        </p>
      </main>
    </noscript>
  </Page>
);
