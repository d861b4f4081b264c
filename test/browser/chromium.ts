/** Debian's Chromium, watched: what breaks a content policy, leaves for elsewhere, or fails is remembered. */
import { readFileSync } from 'node:fs';
import {
  type Browser,
  type BrowserContextOptions,
  type BrowserServer,
  chromium,
  type Page,
} from 'playwright-core';
import { findChromium } from './executable.ts';

const AXE = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');

const LAUNCH = {
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

function launchOptions() {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('no Chromium: apt-get install chromium-headless-shell');
  return { ...LAUNCH, executablePath };
}

export function launchChromium(): Promise<Browser> {
  return chromium.launch(launchOptions());
}

/** A Chromium that several test files use at once. */
export function serveChromium(): Promise<BrowserServer> {
  return chromium.launchServer(launchOptions());
}

export function connectChromium(endpoint: string): Promise<Browser> {
  return chromium.connect(endpoint);
}

export interface WatchedPage {
  readonly page: Page;
  /** Violations of content policies, script errors, missing files, faults, and requests to other hosts than this one. */
  readonly complaints: string[];
  readonly close: () => Promise<void>;
}

/** Runs in each page: content policies that only report, or whose violation a script catches, say nothing by themselves. */
const TELL_VIOLATIONS = `document.addEventListener('securitypolicyviolation', (event) => {
  console.error('Content policy: ' + event.violatedDirective + ' refused ' + event.blockedURI);
})`;

/** A browser of its own, cookies and all. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext(options);
  await context.addInitScript(TELL_VIOLATIONS);
  const complaints: string[] = [];
  context.on('console', (message) => {
    // Told by the answer itself, below.
    const aboutAnswer = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !aboutAnswer) complaints.push(message.text());
  });
  context.on('response', (answer) => {
    const isPage = answer.request().resourceType() === 'document';
    if (answer.status() >= 500 || (answer.status() >= 400 && !isPage)) {
      complaints.push(`${answer.status()} for ${answer.url()}`);
    }
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
  context.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (/^https?:$/.test(protocol) && !['localhost', '127.0.0.1'].includes(hostname)) {
      complaints.push(`request to ${hostname}`);
    }
  });
  return { page: await context.newPage(), complaints, close: () => context.close() };
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

/** What axe-core finds wrong with the page as it stands. */
export async function axeViolations(page: Page): Promise<readonly string[]> {
  // Its elements are there before its style sheet is.
  await page.waitForLoadState();
  await page.evaluate(AXE);
  // Describing what passes takes most of the time.
  const results = await page.evaluate<AxeResults>(
    "axe.run({ resultTypes: ['violations'], elementRef: false })",
  );
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** Pixels by which the page is wider than the window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** Controls less than 44 px high, links within text apart. Source: WCAG 2.2, 2.5.5. */
export function smallTargets(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('a, button, summary, label.row, input:not([type=hidden], .row *)')]
      .filter((element) => {
        const { height } = element.getBoundingClientRect();
        const hidden = element.classList.contains('skip') || height === 0;
        return !hidden && height < 44 && getComputedStyle(element).display !== 'inline';
      })
      .map((element) => element.outerHTML.slice(0, 120)),
  );
}

/** Which of these one-line texts take more than a line. */
export function wrapped(page: Page, selector: string): Promise<readonly string[]> {
  return page.$$eval(selector, (elements) =>
    elements
      .filter((element) => element.getBoundingClientRect().height > 30)
      .map((element) => element.textContent),
  );
}

/** Which dates and the like have the comma or full stop after them on the next line. */
export function strayPunctuation(page: Page): Promise<readonly string[]> {
  return page.$$eval('time, .whole', (elements) =>
    elements
      .filter((element) => {
        const next = element.nextSibling;
        if (!(next instanceof Text) || !/^[,.]/.test(next.data)) return false;
        const mark = document.createRange();
        mark.setStart(next, 0);
        mark.setEnd(next, 1);
        return mark.getBoundingClientRect().top >= element.getBoundingClientRect().bottom - 2;
      })
      .map((element) => element.textContent),
  );
}
