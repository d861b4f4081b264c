/** Debian's Chromium, watched: what breaks a content policy, leaves for elsewhere, or fails is remembered. */
import { readFileSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const AXE = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface WatchedPage {
  readonly page: Page;
  /** Violations of content policies, script errors, missing files, faults, and requests to other hosts than this one. */
  readonly complaints: string[];
  readonly close: () => Promise<void>;
}

export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    // Told by the answer itself, below.
    const aboutAnswer = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !aboutAnswer) complaints.push(message.text());
  });
  page.on('response', (answer) => {
    const isPage = answer.request().resourceType() === 'document';
    if (answer.status() >= 500 || (answer.status() >= 400 && !isPage)) {
      complaints.push(`${answer.status()} for ${answer.url()}`);
    }
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (/^https?:$/.test(protocol) && !['localhost', '127.0.0.1'].includes(hostname)) {
      complaints.push(`request to ${hostname}`);
    }
  });
  return { page, complaints, close: () => context.close() };
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

/** What axe-core finds wrong with the page as it stands. */
export async function axeViolations(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const results = await page.evaluate<AxeResults>('axe.run()');
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
