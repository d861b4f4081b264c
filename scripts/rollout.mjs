/**
 * A new version takes over step by step: uploaded beside the running one, given a tenth of the requests, then half, then
 * all, and tried at each step by the smoke test. A step that fails gives all requests back to the version before.
 */
import { isNoWorker, Obstacle } from './wrangler.mjs';

/** Percent of the requests that the new version gets, step by step. */
export const SHARES = [10, 50, 100];
/** How long a step lasts before it is tried, milliseconds: the platform takes seconds to tell all its places. */
const STEP_MS = 30_000;

/** Versions of our own carry a tag; a Worker that only holds secrets does not, and has none of our objects yet. */
function currentVersion(wrangler, environment) {
  let deployment;
  try {
    deployment = JSON.parse(wrangler(['deployments', 'status', `--env=${environment}`, '--json']).text);
  } catch (error) {
    if (isNoWorker(error) || /has no deployments/.test(error.message)) return undefined;
    throw error;
  }
  const [most] = deployment.versions.toSorted((a, b) => b.percentage - a.percentage);
  const version = JSON.parse(
    wrangler(['versions', 'view', most.version_id, `--env=${environment}`, '--json']).text,
  );
  return version.annotations?.['workers/tag'] === undefined ? undefined : most.version_id;
}

function route(wrangler, environment, shares, message) {
  const specs = Object.entries(shares).map(([version, percent]) => `${version}@${percent}%`);
  wrangler(['versions', 'deploy', ...specs, `--env=${environment}`, '--yes', `--message=${message}`]);
}

/**
 * Gives all requests back to the version before. Not by `versions deploy`: the platform refuses to go back to a version
 * whose secrets are others (code 10220), as a sandbox's smoke key is in each, and only `rollback` then insists. Where it
 * fails, somebody has to do it by hand, and at once.
 */
function goBack(wrangler, environment, previous, reason) {
  try {
    wrangler(['rollback', previous, `--env=${environment}`, '--yes', '--message=smoke test failed']);
  } catch (error) {
    throw new Obstacle(
      `${reason.message}
The rollback failed too, so the new version may still have requests: ${error.message}
By hand: npx wrangler rollback ${previous} --env ${environment}`,
      { cause: error },
    );
  }
}

/** Deploys at once: the first version there is, or one whose Durable Object classes differ from those that run. */
async function deployAtOnce({ environment, wrangler, upload, smoke, say, previous }) {
  wrangler(['deploy', `--env=${environment}`, ...upload]);
  say('deployed to all requests at once');
  try {
    await smoke(undefined);
  } catch (error) {
    if (previous === undefined) throw error;
    goBack(wrangler, environment, previous, error);
    throw new Obstacle(`rolled back to ${previous}: ${error.message}`, { cause: error });
  }
}

/**
 * Rolls the bundle of this checkout out. `upload` are parameters of the upload (tag, secrets file), `smoke(version)`
 * throws when the version does not work, `pause(ms)` waits. Throws an Obstacle when it had to roll back.
 */
export async function rollOut({ environment, atOnce, wrangler, upload, smoke, pause, say }) {
  const previous = currentVersion(wrangler, environment);
  if (previous === undefined || atOnce) {
    return deployAtOnce({ environment, wrangler, upload, smoke, say, previous });
  }
  const { events } = wrangler(['versions', 'upload', `--env=${environment}`, ...upload]);
  const version = events.find(({ type }) => type === 'version-upload')?.version_id;
  if (version === undefined) throw new Obstacle('wrangler did not say which version it uploaded');
  say(`version ${version} uploaded; ${previous} has all requests`);
  try {
    for (const share of SHARES) {
      const rest = share < 100 ? { [previous]: 100 - share } : {};
      route(wrangler, environment, { [version]: share, ...rest }, `rollout ${share} %`);
      say(`${share} %`);
      await pause(STEP_MS);
      await smoke(version);
    }
  } catch (error) {
    goBack(wrangler, environment, previous, error);
    throw new Obstacle(`rolled back to ${previous}: ${error.message}`, { cause: error });
  }
  // Queue consumers, crons and routes are the Worker's, not a version's: an upload leaves them as they were.
  wrangler(['triggers', 'deploy', `--env=${environment}`]);
  say('triggers as configured');
  return undefined;
}
