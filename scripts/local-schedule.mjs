/** The cron trigger of a local sandbox: `wrangler dev` has the handler, but never calls it by itself. */

/** The trigger's period in wrangler.toml. */
const PERIOD_MS = 5 * 60_000;
/** Where the local runtime takes a tick. */
const HANDLER = '/cdn-cgi/handler/scheduled';

/** Runs the scheduled work once; whether the Worker took it. */
export async function tick(baseUrl) {
  try {
    const answer = await fetch(`${baseUrl}${HANDLER}`);
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    // It is being rebuilt, or stops: the next tick finds what this one would have done.
    return false;
  }
}

/**
 * Runs the scheduled work at once, for what the sandbox left undone when it last stopped, then every five minutes, for as long
 * as this process lives.
 */
export function keepTicking(baseUrl, periodMs = PERIOD_MS) {
  void tick(baseUrl);
  return setInterval(() => void tick(baseUrl), periodMs).unref();
}
