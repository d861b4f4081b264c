/** Starts one sandbox and one Chromium for all files of the browser project. */
import type { TestProject } from 'vitest/node';
import { startLocalServer } from '../node/local-server.ts';
import { serveChromium } from './chromium.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly baseUrl: string;
    readonly apiKey: string;
    /** Where the one Chromium listens. */
    readonly chromium: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [server, browser] = await Promise.all([startLocalServer(), serveChromium()]);
  project.provide('baseUrl', server.baseUrl);
  project.provide('apiKey', server.apiKey);
  project.provide('chromium', browser.wsEndpoint());
  return async () => {
    await Promise.all([browser.close(), server.stop()]);
  };
}
