/** The bindings that tests have beside the Worker's own. */
declare namespace Cloudflare {
  interface Env {
    TEST_MIGRATIONS: import('cloudflare:test').D1Migration[];
    /** `long` under `npm run test:long`, else `short`. */
    TEST_LENGTH: 'short' | 'long';
    /** A number that fuzzing begins with, to see what a run with it saw; empty for a new one. */
    FUZZ_SEED: string;
  }
}
