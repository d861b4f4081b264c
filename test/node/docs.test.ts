/** Documents that come from tables of the code say what the tables say. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { renderDocument } from '../../scripts/build-docs.mjs';
import { writtenDocuments } from '../../scripts/write-docs.mjs';

it.each(Object.entries(writtenDocuments()))(
  'docs/%s.md is current (else run: npm run docs)',
  (name, text) => {
    expect(readFileSync(`docs/${name}.md`, 'utf8')).toBe(text);
  },
);

it('renders headings with anchors, links between documents and notes', () => {
  const { title, html, sections } = renderDocument(
    '# One\n\n## Two `words`\n\n[there](errors.md#x)\n\n> [!NOTE]\n> Mind\n\n```json\n{"a": "<b>"}\n```\n',
  );
  expect(title).toBe('One');
  expect(sections).toEqual([{ id: 'two-words', title: 'Two words' }]);
  expect(html).toContain('<h2 id="two-words">');
  expect(html).toContain('href="/docs/errors#x"');
  expect(html).toContain('<div class="note"><p>Mind</p>');
  expect(html).toContain('&lt;b&gt;');
});

it('has a style sheet of at most 12 kB, which asks nobody else for anything', () => {
  const styles = readFileSync('public/assets/styles.css', 'utf8');
  expect(Buffer.byteLength(styles)).toBeLessThanOrEqual(12_000);
  expect(styles).not.toMatch(/@import|url\(|https?:/);
});
