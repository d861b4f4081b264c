/** The smoke test of a deployment: a sandbox is walked as the guide says, production is asked what anyone may ask. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ROOT } from './prepare.mjs';

/** A new version answers everywhere within this; each attempt waits longer than the last. */
const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 2_000;
/** Longest wait for one answer, and for the whole guide: a version that hangs must be rolled back before the job ends. */
const ANSWER_MS = 10_000;
const WALK_MS = 90_000;

/** The key of one deployment's smoke test: 256 random bits in letters that an API key may have. */
export function newSmokeKey() {
  return `sk_sandbox_${randomBytes(32).toString('hex')}`;
}

/** Sends requests to one version of a Worker while others answer too. */
export function versionHeader(workerName, version) {
  return version === undefined
    ? {}
    : { 'Cloudflare-Workers-Version-Overrides': `${workerName}="${version}"` };
}

async function expectAnswer(url, { headers, answerMs }, status, check = () => true) {
  const answer = await fetch(url, {
    headers: { accept: 'application/json', ...headers },
    redirect: 'manual',
    signal: AbortSignal.timeout(answerMs),
  });
  const text = await answer.text();
  if (answer.status !== status || !check(JSON.parse(text))) {
    throw new Error(`${url}: ${answer.status} ${text.slice(0, 300)}`);
  }
}

/** Throws unless the deployment is usable, has its issuer and keys, and refuses who has no token. */
async function checkPublicAnswers(issuer, how) {
  await expectAnswer(`${issuer}/status`, how, 200);
  const discovery = `${issuer}/.well-known/openid-configuration`;
  await expectAnswer(discovery, how, 200, (body) => body.issuer === issuer);
  await expectAnswer(`${issuer}/oauth/jwks`, how, 200, (body) => body.keys.length > 0);
  await expectAnswer(`${issuer}/open-banking/v1/accounts`, how, 401, (body) => body.code === 'invalid_token');
}

function walkGuide(issuer, headers, apiKey) {
  execFileSync(
    process.execPath,
    [
      join(ROOT, 'scripts/demo.mjs'),
      '--quiet',
      ...Object.entries(headers).map(([name, value]) => `--header=${name}: ${value}`),
    ],
    { stdio: 'inherit', timeout: WALK_MS, env: { ...process.env, BASE_URL: issuer, API_KEY: apiKey } },
  );
}

/**
 * Tries a deployment, with `apiKey` (sandboxes only) the whole guide too. Throws what was wrong at the last attempt.
 * @param {{ issuer: string, headers?: Record<string, string>, apiKey?: string, answerMs?: number, pauseMs?: number }} what
 */
export async function smokeTest({
  issuer,
  headers = {},
  apiKey,
  answerMs = ANSWER_MS,
  pauseMs = FIRST_PAUSE_MS,
}) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await checkPublicAnswers(issuer, { headers, answerMs });
      if (apiKey !== undefined) walkGuide(issuer, headers, apiKey);
      return;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await wait(pauseMs * attempt);
    }
  }
}
