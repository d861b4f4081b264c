/** The dashboard's frame: its sections beside or above the page, whose organisation it is, the way out; and the pages before it. */

import type { Child, FC, PropsWithChildren } from 'hono/jsx';
import type { DashboardTopic } from '#developers/dashboard-topic.ts';
import { Hidden, Notice, type Problem, ProblemSummary } from '#developers/parts.view.tsx';
import type { Site } from '#developers/site.ts';
import { Page } from '#edge/frame.view.tsx';

/** The sections of the dashboard, in the order of a first visit. */
const SECTIONS = [
  ['/dashboard', 'Overview'],
  ['/dashboard/applications', 'Applications'],
  ['/dashboard/api-keys', 'API keys'],
  ['/dashboard/requests', 'Request log'],
  ['/dashboard/usage', 'Usage'],
  ['/dashboard/production', 'Production'],
  ['/dashboard/organisation', 'Organisation'],
  ['/dashboard/audit', 'Audit log'],
  ['/dashboard/security', 'Your account'],
] as const;

export type DashboardPath = (typeof SECTIONS)[number][0];

/** Copy buttons; times in the reader's zone, menus that close. Pages work without them. */
const SCRIPTS = ['/assets/copy.js', '/assets/dashboard.js'];

interface NamedOrganisation {
  readonly organisationId: string;
  readonly name: string;
}

/** What the frame shows of the member it is drawn for. */
export interface FrameMember {
  readonly developer: { readonly email: string; readonly name: string };
  readonly organisation: NamedOrganisation;
  readonly role: string;
  readonly memberships: readonly { readonly organisation: NamedOrganisation }[];
}

/** Posts `organisation_id`: the session goes on in that organisation. */
export const SWITCH_ACTION = '/dashboard/organisation/switch';
export const SIGN_OUT_ACTION = '/dashboard/sign-out';

const Sections: FC<{ current: DashboardPath }> = ({ current }) => (
  <nav class="side sections" aria-label="Dashboard">
    <ul>
      {SECTIONS.map(([path, name]) => (
        <li>
          <a href={path} aria-current={path === current ? 'page' : undefined}>
            {name}
          </a>
        </li>
      ))}
    </ul>
  </nav>
);

const AccountMenu: FC<{ member: FrameMember }> = ({ member }) => {
  const others = member.memberships.filter(
    ({ organisation }) => organisation.organisationId !== member.organisation.organisationId,
  );
  return (
    <details class="menu">
      <summary>
        <bdi>{member.organisation.name}</bdi>
      </summary>
      <div class="card">
        <p class="hint">
          <b>
            <bdi>{member.organisation.name}</bdi>
          </b>
          {member.developer.name}, {member.role}
          <br />
          {member.developer.email}
        </p>
        {others.length === 0 ? null : (
          <form method="post" action={SWITCH_ACTION}>
            <p class="hint">Switch to</p>
            {others.map(({ organisation: { organisationId, name } }) => (
              <button class="button plain" type="submit" name="organisation_id" value={organisationId}>
                <bdi>{name}</bdi>
              </button>
            ))}
          </form>
        )}
        <form method="post" action={SIGN_OUT_ACTION}>
          <button class="button plain" type="submit">
            Sign out
          </button>
        </form>
      </div>
    </details>
  );
};

export interface DashboardPageProps {
  readonly site: Site;
  readonly member: FrameMember;
  /** The page's heading; the tab shows it too. */
  readonly title: string;
  /** The section the page belongs to. */
  readonly current: DashboardPath;
  /** The one thing to do from here: a link or form with a `button`. */
  readonly action?: Child;
  /** What just happened, or what to know first. */
  readonly notice?: Child;
  /** What was posted was refused. */
  readonly failed?: boolean;
  /** Scripts beside the dashboard's own. */
  readonly scripts?: readonly string[];
}

/** A page of the dashboard; send it with `answerPage(c, ..., { scripts: 'own' })`. */
export const DashboardPage: FC<PropsWithChildren<DashboardPageProps>> = (page) => (
  <Page
    {...page.site}
    title={page.title}
    failed={page.failed}
    audience="developer"
    current="/dashboard"
    aside={<Sections current={page.current} />}
    otherUrl={page.site.otherDashboardUrl}
    end={<AccountMenu member={page.member} />}
    scripts={[...SCRIPTS, ...(page.scripts ?? [])]}
  >
    <div class="prose board">
      <div class="head">
        <h1>{page.title}</h1>
        {page.action}
      </div>
      {page.notice}
      {page.children}
    </div>
  </Page>
);

interface EntranceProps {
  readonly site: Site;
  readonly title: string;
  readonly failed?: boolean;
  readonly scripts?: readonly string[];
  /** Stands below the card. */
  readonly below?: Child;
}

/** A page before or beside the dashboard: sign-up, sign-in, an invitation, a proof again. One card, one question. */
export const EntrancePage: FC<PropsWithChildren<EntranceProps>> = ({
  site,
  title,
  failed,
  scripts = [],
  below,
  children,
}) => (
  <Page
    {...site}
    title={title}
    failed={failed}
    audience="developer"
    current="/dashboard"
    scripts={[...SCRIPTS, ...scripts]}
  >
    <div class="entrance">
      <article class="card">
        <h1>{title}</h1>
        {children}
      </article>
      {below === undefined ? null : <p class="lead">{below}</p>}
    </div>
  </Page>
);

/** Such a page that is one form, with what to know above its questions and its one button below them. */
export const EntranceForm: FC<
  PropsWithChildren<
    EntranceProps & {
      readonly action: string;
      /** What its button says. */
      readonly does: string;
      readonly lead?: Child;
      readonly notice?: string | undefined;
      /** What was wrong with what was sent. */
      readonly problems?: readonly Problem[];
      readonly topic?: DashboardTopic;
      /** Another way, in the card below the form. */
      readonly other?: Child;
      /** Goes back with the answers. */
      readonly hidden?: Readonly<Record<string, string>>;
    }
  >
> = ({
  action,
  does,
  lead,
  notice,
  problems = [],
  topic = 'accounts',
  other,
  hidden = {},
  children,
  ...page
}) => (
  <EntrancePage {...page} failed={problems.length > 0}>
    {lead === undefined ? null : <p class="lead">{lead}</p>}
    <form class="form" method="post" action={action}>
      <Notice words={notice} />
      <ProblemSummary topic={topic} errors={problems} />
      <Hidden fields={hidden} />
      {children}
      <button class="button" type="submit">
        {does}
      </button>
    </form>
    {other}
  </EntrancePage>
);
