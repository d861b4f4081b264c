/** The frame of every page: mark, bank name and host above, the environment's ribbon, the page itself, and a footer. */
import type { Child, FC, PropsWithChildren } from 'hono/jsx';
import type { Environment } from '#edge/settings.ts';

export interface PageProps {
  /** The page's own name; the tab shows it before the bank's. */
  readonly title: string;
  /** What was posted was refused: the tab says so, which screen readers speak first. */
  readonly failed?: boolean | undefined;
  readonly environment: Environment;
  /** The host of the issuer: `api.hamsterbank.ai`. */
  readonly host: string;
  /** `customer`: one narrow column, and no word of environments in production. `developer`: site navigation, wide. */
  readonly audience: 'customer' | 'developer';
  /** Navigation beside the page (documentation); on narrow screens above it. */
  readonly aside?: Child;
  /** Paths of scripts; only where answerPage allows scripts too. */
  readonly scripts?: readonly string[];
  /** The page's script draws a main landmark of its own. */
  readonly drawsMain?: boolean;
  /** Path of the site navigation's current entry. */
  readonly current?: '/docs' | '/reference' | '/status' | '/dashboard';
  /** Where the API reference is, if not here: with a developer host it is on that alone. */
  readonly referenceUrl?: string;
  /** Where the dashboard is, likewise. */
  readonly dashboardUrl?: string;
  /** At the end of the header, in the place of host and way to the dashboard: whose pages these are. */
  readonly end?: Child;
  /** The same page's place in the other environment: the ribbon leads there. */
  readonly otherUrl?: string | undefined;
}

/** The bank's mark, in the accent colour of either scheme. */
const MARK = '/assets/mark.svg';

/** Entries of the site navigation. */
const SITE = [
  ['/docs', 'Documentation'],
  ['/reference', 'API reference'],
  ['/status', 'Status'],
] as const;

/** A hamster curled into a wheel, readable at 20 px. Decoration: the bank's name always stands beside it. */
const Mark: FC = () => <img class="mark" src={MARK} alt="" width="28" height="28" />;

const RIBBONS = {
  sandbox: { name: 'SANDBOX', words: 'Test data only', other: 'Go to production' },
  production: { name: 'PRODUCTION', words: 'Real customers', other: 'Go to the sandbox' },
} as const;

const Ribbon: FC<Pick<PageProps, 'environment' | 'audience' | 'otherUrl'>> = ({
  environment,
  audience,
  otherUrl,
}) => {
  // A customer logs in to their bank, not to an environment of it.
  if (environment === 'production' && audience === 'customer') return null;
  const { name, words, other } = RIBBONS[environment];
  return (
    <aside class={environment === 'production' ? 'ribbon ok' : 'ribbon'} aria-label="Environment">
      <strong>{name}</strong> {words}
      {otherUrl === undefined ? null : <a href={otherUrl}>{other}</a>}
    </aside>
  );
};

const Body: FC<PropsWithChildren<Pick<PageProps, 'aside' | 'drawsMain'>>> = ({
  aside,
  drawsMain,
  children,
}) => {
  // Within a section a header of the script's is no second banner.
  if (drawsMain === true) return <section id="main">{children}</section>;
  if (aside === undefined) return <main id="main">{children}</main>;
  return (
    <div class="beside">
      {aside}
      <main id="main">{children}</main>
    </div>
  );
};

/** A whole HTML document. */
export const Page: FC<PropsWithChildren<PageProps>> = (page) => (
  <html lang="en-GB">
    <head>
      <meta charset="utf-8" />
      <title>{`${page.failed === true ? 'Error: ' : ''}${page.title} - Hamster Bank`}</title>
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <link rel="icon" href={MARK} type="image/svg+xml" />
      <link rel="stylesheet" href="/assets/styles.css" />
      {page.scripts?.map((path) => (
        <script src={path} defer />
      ))}
    </head>
    <body class={page.audience}>
      <a class="skip" href="#main">
        Skip to the page
      </a>
      <Ribbon {...page} />
      <header class="top">
        {page.audience === 'customer' ? (
          <span class="brand">
            <Mark /> Hamster Bank
          </span>
        ) : (
          <a class="brand" href="/">
            <Mark /> Hamster Bank
          </a>
        )}
        {page.audience === 'customer' ? null : (
          <nav aria-label="Site">
            {SITE.map(([path, name]) => (
              <a
                href={path === '/reference' ? (page.referenceUrl ?? path) : path}
                aria-current={path === page.current ? 'page' : undefined}
              >
                {name}
              </a>
            ))}
          </nav>
        )}
        {page.end ?? (
          <>
            <span class="host">{page.host}</span>
            {page.audience === 'customer' ? null : (
              <a
                class="button plain enter"
                href={page.dashboardUrl ?? '/dashboard'}
                aria-current={page.current === '/dashboard' ? 'page' : undefined}
              >
                Dashboard
              </a>
            )}
          </>
        )}
      </header>
      <Body {...page} />
      <footer class="foot">
        {page.audience === 'customer' ? (
          <p>
            Check that the address in your browser begins with <b>{page.host}</b>. We never ask for your
            password or a one-time code by phone or e-mail.
          </p>
        ) : (
          <p>
            Hamster Bank Open Banking API
            {page.end === undefined
              ? null
              : SITE.map(([path, name]) => (
                  <>
                    {' \u00b7 '}
                    <a href={path === '/reference' ? (page.referenceUrl ?? path) : path}>{name}</a>
                  </>
                ))}
          </p>
        )}
      </footer>
    </body>
  </html>
);
