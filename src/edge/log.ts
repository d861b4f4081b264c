/** Structured log lines: one JSON object a line, of allow-listed fields only, so that no secret can slip in. */

export interface LogLine {
  readonly event: string;
  readonly request_id?: string;
  readonly client_id?: string;
  readonly route?: string;
  readonly status?: number;
  readonly ms?: number;
  readonly code?: string;
  readonly reason?: string;
}

export type Log = (level: 'info' | 'warn' | 'error', line: LogLine) => void;

/** Writes to the Worker's log. */
export const consoleLog: Log = (level, line) => {
  console[level](JSON.stringify(line));
};
