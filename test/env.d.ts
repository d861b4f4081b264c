/** The bindings that tests have beside the Worker's own. */
declare namespace Cloudflare {
  interface Env {
    TEST_MIGRATIONS: import('cloudflare:test').D1Migration[];
    /** `long` under `npm run test:long`, else `short`. */
    TEST_LENGTH: 'short' | 'long';
  }
}
