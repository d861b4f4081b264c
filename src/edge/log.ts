/** Structured log lines: one JSON object a line, of allow-listed fields only, so that no secret can slip in. */

export interface LogLine {
  readonly event: string;
  readonly request_id?: string;
  readonly client_id?: string | undefined;
  readonly route?: string;
  readonly status?: number;
  /** From the request's arrival to its answer, milliseconds; the platform's clock stands still while code runs. */
  readonly ms?: number;
  /** Hops before the answer: round trips to D1, calls of Durable Objects. */
  readonly d1?: number;
  readonly objects?: number;
  readonly code?: string | undefined;
  readonly reason?: string | undefined;
  /** Ends of audit logs, each `organisation:sequence:hash`. */
  readonly heads?: readonly string[];
}

export type Log = (level: 'info' | 'warn' | 'error', line: LogLine) => void;

/** Writes to the Worker's log. */
export const consoleLog: Log = (level, line) => {
  console[level](JSON.stringify(line));
};

/** Causes followed and stack lines told of an error. */
const CHAIN_MAXIMUM = 4;
const STACK_LINES = 4;

function wordsOf(error: Error): string {
  // Drizzle's message holds the bound values, JSON.parse's a piece of the text: neither may reach the log.
  if (error.message.startsWith('Failed query')) return `${error.name}: failed query`;
  if (error instanceof SyntaxError) return `${error.name}: not parseable`;
  return `${error.name}: ${error.message}`;
}

/** What the log may say of an exception: names, our own and the platform's words, places in the code; no values. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return `thrown ${typeof error}`;
  const chain: string[] = [];
  let current: unknown = error;
  while (current instanceof Error && chain.length < CHAIN_MAXIMUM) {
    chain.push(wordsOf(current));
    current = current.cause;
  }
  const places = (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, STACK_LINES)
    .map((line) => line.trim());
  return [chain.join(' < '), ...places].join(' ');
}
