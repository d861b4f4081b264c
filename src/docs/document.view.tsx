/** Documents with their navigation beside them. */
import type { FC } from 'hono/jsx';
import type { Site } from '#developers/site.ts';
import { DOCUMENTS, type DocumentSlug, type RenderedDocument } from '#docs/documents.ts';
import { DocumentTiles } from '#docs/site.view.tsx';
import { Page } from '#edge/frame.view.tsx';

interface Contents {
  readonly slug?: DocumentSlug;
  readonly sections?: RenderedDocument['sections'];
}

const DocumentList: FC<Contents> = ({ slug, sections = [] }) => (
  <nav aria-label="Documentation">
    <ul>
      {DOCUMENTS.map((entry) => (
        <li>
          <a href={`/docs/${entry.slug}`} aria-current={entry.slug === slug ? 'page' : undefined}>
            {entry.title}
          </a>
          {entry.slug === slug && sections.length > 0 ? (
            <ul>
              {sections.map(({ id, title }) => (
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
const Side: FC<Contents> = (contents) => (
  <div class="side">
    <DocumentList {...contents} />
    <details>
      <summary>All documents</summary>
      <DocumentList {...contents} />
    </details>
  </div>
);

export const DocumentsView: FC<Site> = (site) => (
  <Page {...site} title="Documentation" audience="developer" current="/docs">
    <div class="prose">
      <h1>Documentation</h1>
      <p>New here? Begin with getting started; the rest explains what it uses.</p>
      <DocumentTiles />
    </div>
  </Page>
);

export const DocumentView: FC<{ site: Site; slug: DocumentSlug; document: RenderedDocument }> = ({
  site,
  slug,
  document,
}) => (
  <Page
    {...site}
    title={document.title}
    audience="developer"
    current="/docs"
    aside={<Side slug={slug} sections={document.sections} />}
    scripts={['/assets/copy.js']}
  >
    <article class="prose">
      {site.environment === 'production' ? (
        <p class="note">
          You are reading the documentation of production. What begins with <code>/sandbox</code>, the test
          customers and their codes exist in the sandbox alone.
        </p>
      ) : null}
      {/* Our own Markdown, rendered at build time. */}
      <div class="prose" dangerouslySetInnerHTML={{ __html: document.html }} />
      <p class="hint">
        This page as <a href={`/docs/${slug}.md`}>Markdown</a>
      </p>
    </article>
  </Page>
);
