/**
 * Renders docs/*.md to public/generated/docs: a JSON file with the HTML for each page, its Markdown beside it, and the list
 * of them for pages and as llms.txt. The Worker puts its own address in for the one written in the documents.
 */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Marked } from 'marked';
import { DOCUMENTS, WRITTEN_BASE_URL } from '../src/docs/documents.ts';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

function escapeHtml(text) {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function idOf(title) {
  return title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

/** Comments pale, texts coloured: enough to find one's way in a block. */
function colour(code, language) {
  const escaped = escapeHtml(code);
  if (language === 'json') {
    return escaped.replace(/&quot;(?:(?!&quot;).)*&quot;(\s*:)?/g, (text, colon) =>
      colon === undefined ? `<b>${text}</b>` : text,
    );
  }
  if (language !== 'sh') return escaped;
  return escaped
    .split('\n')
    .map((line) => (/^\s*#/.test(line) ? `<i>${line}</i>` : line))
    .join('\n');
}

/** Lets the names in a cell break after an underscore, for a phone has no room for `software_redirect_uris`. */
function breakable(html) {
  return html.replace(/<code>.*?<\/code>/g, (code) => code.replaceAll('_', '_<wbr>'));
}

const ALERT = /^<p>\[!(NOTE|WARNING)\]\s*/;

/** Links between documents are links between files in the repository, and between pages on the site. */
function hrefOf(href) {
  return href.replace(/^([a-z-]+)\.md(?=#|$)/, '/docs/$1');
}

/** One Markdown document as `{ title, html, sections }`. */
export function renderDocument(markdown) {
  const sections = [];
  let title = '';
  let tables = 0;
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth }) {
        const html = this.parser.parseInline(tokens);
        const text = tokens.map((token) => token.raw.replaceAll('`', '')).join('');
        if (depth === 1) {
          title = text;
          return `<h1>${html}</h1>\n`;
        }
        const id = idOf(text);
        if (depth === 2) sections.push({ id, title: text });
        return `<h${depth} id="${id}">${html}<a class="anchor" href="#${id}" aria-label="Link to: ${escapeHtml(text)}">#</a></h${depth}>\n`;
      },
      code({ text, lang = '' }) {
        // Focusable, so that a keyboard can scroll it.
        return `<pre tabindex="0"><code>${colour(text, lang.split(' ')[0])}</code></pre>\n`;
      },
      table(token) {
        const cells = (row, tag) =>
          row.map((cell) => `<${tag}>${breakable(this.parser.parseInline(cell.tokens))}</${tag}>`).join('');
        const head = `<thead><tr>${cells(token.header, 'th')}</tr></thead>`;
        const body = token.rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n');
        tables += 1;
        return `<div class="scroll" tabindex="0" role="region" aria-label="Table ${tables}"><table>${head}<tbody>${body}</tbody></table></div>\n`;
      },
      blockquote({ tokens }) {
        const html = this.parser.parse(tokens);
        const kind = ALERT.exec(html)?.[1];
        if (kind === undefined) return `<blockquote>${html}</blockquote>\n`;
        return `<div class="note${kind === 'WARNING' ? ' amber' : ''}">${html.replace(ALERT, '<p>')}</div>\n`;
      },
      image({ href, text }) {
        return `<img src="/generated/docs/${escapeHtml(href)}" alt="${escapeHtml(text)}" loading="lazy">`;
      },
      link({ href, tokens }) {
        return `<a href="${escapeHtml(hrefOf(href))}">${this.parser.parseInline(tokens)}</a>`;
      },
    },
  });
  const html = marked.parse(markdown);
  return { title, html, sections };
}

function llmsText() {
  return `# Hamster Bank Open Banking API

> Read the accounts, balances and transactions of customers who gave their consent, make the payments they approved, and ask whether an account holds enough. OAuth 2.0 with OpenID Connect (private_key_jwt), dynamic client registration (RFC 7591), JSON.

## Documentation

${DOCUMENTS.map(({ slug, title, summary }) => `- [${title}](${WRITTEN_BASE_URL}/docs/${slug}.md): ${summary}`).join('\n')}

## Machine-readable

- [OpenAPI document](${WRITTEN_BASE_URL}/openapi.json): every call with its schemas
- [Discovery](${WRITTEN_BASE_URL}/.well-known/openid-configuration): what the authorization server can do
`;
}

/** Markdown as it is served: pictures lie elsewhere than in the repository. */
function withPictureUrls(markdown) {
  return markdown.replaceAll('](images/', `](${WRITTEN_BASE_URL}/generated/docs/images/`);
}

/** Writes all generated pages below `target`. */
export function buildDocs(target) {
  mkdirSync(join(target, 'docs'));
  for (const { slug } of DOCUMENTS) {
    const source = join(ROOT, 'docs', `${slug}.md`);
    const markdown = readFileSync(source, 'utf8');
    const rendered = renderDocument(markdown);
    writeFileSync(join(target, 'docs', `${slug}.json`), JSON.stringify(rendered));
    writeFileSync(join(target, 'docs', `${slug}.md`), withPictureUrls(markdown));
  }
  cpSync(join(ROOT, 'docs', 'images', 'dashboard'), join(target, 'docs', 'images', 'dashboard'), {
    recursive: true,
  });
  writeFileSync(join(target, 'documents.json'), JSON.stringify(DOCUMENTS));
  writeFileSync(join(target, 'llms.txt'), llmsText());
}
