/** Documents that come from tables of the code say what the tables say. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { renderDocument } from '../../scripts/build-docs.mjs';
import { findCommand } from '../../scripts/operator/commands.mjs';
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

it('has every section of the dashboard that its pages link to', () => {
  const source = readFileSync('src/developers/dashboard-topic.ts', 'utf8');
  const topics = [...(source.split('type DashboardTopic =')[1] ?? '').matchAll(/'([a-z-]+)'/g)].map(
    ([, id]) => id,
  );
  const { sections } = renderDocument(readFileSync('docs/dashboard.md', 'utf8'));
  expect(topics.length).toBeGreaterThan(8);
  expect(topics.filter((topic) => !sections.some(({ id }) => id === topic))).toEqual([]);
});

it('has a style sheet of at most 12 kB, which asks nobody else for anything', () => {
  const styles = readFileSync('public/assets/styles.css', 'utf8');
  expect(Buffer.byteLength(styles)).toBeLessThanOrEqual(12_000);
  expect(styles).not.toMatch(/@import|url\(|https?:/);
});

describe('a command in a document', () => {
  const documents = ['README.md', 'CONTRIBUTING.md', ...readdirSync('docs').map((name) => `docs/${name}`)]
    .filter((name) => name.endsWith('.md'))
    .map((name) => readFileSync(name, 'utf8'))
    .join('\n');

  /** What stands behind `words` in code, to the end of the code or the line. */
  function usesOf(words: string): string[] {
    return [...documents.matchAll(new RegExp(`${words} ([^\`\\n]*)`, 'g'))].map(([, rest = '']) => rest);
  }

  it('is a script of package.json', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object };
    const named = usesOf('npm run').map((rest) => rest.split(/[ ;.,]/)[0]);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !Object.hasOwn(scripts, name ?? ''))).toEqual([]);
  });

  it('of operators is one there is, with all that it needs', () => {
    const commands = usesOf('npm run operator --').filter((rest) => /^[a-z]/.test(rest));
    expect(commands.length).toBeGreaterThan(6);
    const wrong = commands.filter((rest) => {
      const { command } = findCommand(rest.split(' '));
      const shown = rest.includes('--');
      return (
        command === undefined ||
        (shown && !(command.required ?? []).every((name) => rest.includes(`--${name}`)))
      );
    });
    expect(wrong).toEqual([]);
  });

  it('on a deployment’s database names the deployment: the binding alone is the local sandbox’s', () => {
    const remote = usesOf('wrangler d1').filter((rest) => / DB\b/.test(rest) && rest.includes('--remote'));
    expect(remote.length).toBeGreaterThan(0);
    expect(remote.filter((rest) => !/--env \w/.test(rest))).toEqual([]);
  });
});

it('operators are told what each line of the log means', () => {
  const LINE = /\b(?:log|consoleLog)\(\s*[^,]*,\s*\{\s*event:\s*([^,]+),/g;
  const source = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => readFileSync(`src/${name}`, 'utf8'))
    .join('\n');
  const events = [...source.matchAll(LINE)].flatMap(([, words = '']) =>
    [...words.matchAll(/'([a-z_]+)'/g)].map(([, event = '']) => event),
  );
  expect(events.length).toBeGreaterThan(20);
  const document = readFileSync('docs/operations.md', 'utf8') + readFileSync('docs/deploy.md', 'utf8');
  expect(events.filter((event) => !document.includes(`\`${event}\``))).toEqual([]);
});
