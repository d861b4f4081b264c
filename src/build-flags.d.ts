/** Words the bundler replaces (`define` in wrangler.toml). */

/** Whether this bundle has the sandbox room; undefined where nothing was replaced, which means yes. */
declare const INCLUDES_SANDBOX: boolean | undefined;

/** The same of the pages that show a local sandbox's mail. */
declare const INCLUDES_MAILBOX: boolean | undefined;
