/** Documents with their navigation beside them. */
import type { FC } from 'hono/jsx';
import type { RenderedDocument } from '#docs/documents.ts';
import { type DocumentList, DocumentTiles } from '#docs/site.view.tsx';
import { Page } from '#edge/frame.view.tsx';

interface Reading extends DocumentList {
  readonly slug: string;
  readonly document: RenderedDocument;
}

const Contents: FC<Reading> = ({ slug, document, documents }) => (
  <nav aria-label="Documentation">
    <ul>
      {documents.map((entry) => (
        <li>
          <a href={`/docs/${entry.slug}`} aria-current={entry.slug === slug ? 'page' : undefined}>
            {entry.title}
          </a>
          {entry.slug === slug ? (
            <ul>
              {document.sections.map(({ id, title }) => (
                <li>
                  <a href={`#${id}`}>{title}</a>
                </li>
              ))}
            </ul>
          ) : null}
        </li>
      ))}
    </ul>
  </nav>
);

/** The list twice, one of them shown: beside the page where there is room, else folded above it, without a script. */
const Side: FC<Reading> = (reading) => (
  <div class="side">
    <Contents {...reading} />
    <details>
      <summary>All documents</summary>
      <Contents {...reading} />
    </details>
  </div>
);

export const DocumentsView: FC<DocumentList> = ({ site, documents }) => (
  <Page {...site} title="Documentation" audience="developer" current="/docs">
    <div class="prose">
      <h1>Documentation</h1>
      <p>New here? Begin with getting started.</p>
      <DocumentTiles documents={documents} />
    </div>
  </Page>
);

export const DocumentView: FC<Reading> = (reading) => (
  <Page
    {...reading.site}
    title={reading.document.title}
    audience="developer"
    current="/docs"
    aside={<Side {...reading} />}
    scripts={['/assets/copy.js']}
  >
    <article class="prose">
      {reading.site.environment === 'production' ? (
        <p class="note">
          This is production: what begins with <code>/sandbox</code>, test customers and their codes are in
          the sandbox alone.
        </p>
      ) : null}
      {/* Our own Markdown, rendered at build time. */}
      <div class="prose" dangerouslySetInnerHTML={{ __html: reading.document.html }} />
      <p class="hint">
        This page as <a href={`/docs/${reading.slug}.md`}>Markdown</a>
      </p>
    </article>
  </Page>
);
