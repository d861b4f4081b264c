/** What the portal's pages share: their frame, with what was wrong above and its document below, and their forms. */

import type { FC, PropsWithChildren } from 'hono/jsx';
import { DashboardPage, type DashboardPageProps } from '#developers/dashboard.view.tsx';
import type { DashboardTopic } from '#developers/dashboard-topic.ts';
import type { Member } from '#developers/member.ts';
import {
  DocsLink,
  errorOf,
  Field,
  type FieldProps,
  type Problem,
  ProblemSummary,
  Tag,
} from '#developers/parts.view.tsx';
import { mayDo } from '#developers/role.ts';
import type { Site } from '#developers/site.ts';
import { NEW_PATH } from '#portal/application-paths.ts';

/** Who looks at a page, and where. */
export interface Viewing {
  readonly site: Site;
  readonly member: Member;
}

/** What a page of one section is given. */
export type SectionProps = PropsWithChildren<
  Viewing &
    Pick<DashboardPageProps, 'title' | 'action' | 'notice' | 'scripts'> & { problems?: readonly Problem[] }
>;

/** A page of the dashboard. `problems`: what is wrong with what was sent. */
export const PortalPage: FC<
  SectionProps & Pick<DashboardPageProps, 'current'> & { readonly topic: DashboardTopic }
> = ({ topic, problems = [], children, ...page }) => (
  <DashboardPage {...page} failed={problems.length > 0}>
    <ProblemSummary topic={topic} errors={problems} />
    {children}
    <p class="hint">
      <DocsLink topic={topic} />
    </p>
  </DashboardPage>
);

/** A form as it is shown: what was typed or stands there now, by field, and what is wrong with it. */
export interface Asked {
  readonly values: Readonly<Record<string, string | undefined>>;
  readonly problems: readonly Problem[];
}

/** A field with what was typed into it and what is wrong with that. */
export const AskedField: FC<Omit<FieldProps, 'value' | 'error'> & { readonly asked: Asked }> = ({
  asked,
  ...field
}) => <Field {...field} value={asked.values[field.name]} error={errorOf(asked.problems, field.name)} />;

/** A form that posts, with its button and, beside it, the way back. */
export const Form: FC<
  PropsWithChildren<{
    readonly submit: string;
    readonly cancel?: string;
    readonly danger?: boolean;
    readonly disabled?: boolean;
    readonly action?: string;
    readonly 'data-keys'?: boolean;
  }>
> = ({ submit, cancel, danger = false, disabled, children, ...form }) => (
  <form class="form" method="post" {...form}>
    {children}
    <p class="links">
      <button class={danger ? 'button danger' : 'button'} type="submit" disabled={disabled}>
        {submit}
      </button>
      {cancel === undefined ? null : (
        <a class="button plain" href={cancel}>
          Cancel
        </a>
      )}
    </p>
  </form>
);

/** How a step of a guide stands. */
const STEP_TAGS = {
  met: <Tag tone="ok">Done</Tag>,
  missing: <Tag tone="amber">Missing</Tag>,
  advised: <Tag>Advised</Tag>,
  later: <Tag>Later</Tag>,
  unknown: null,
} as const;

/** A step of a guide, which is an ordered list; `unknown`: nothing is said of how it stands. */
export const Step: FC<
  PropsWithChildren<{ readonly title: string; readonly state: keyof typeof STEP_TAGS }>
> = ({ title, state, children }) => (
  <li class={state === 'met' ? 'done' : undefined}>
    <h3>
      {title} {STEP_TAGS[state]}
    </h3>
    {children}
  </li>
);

/** For members who cannot make what a page lacks. */
export const ReadsOnly: FC = () => (
  <p class="note">Your role reads only. Ask an owner or developer of your organisation.</p>
);

/** The way to a first application, for members who may make one. */
export const MakeApplication: FC<Pick<Viewing, 'member'>> = ({ member }) =>
  mayDo(member.role, 'applications.change') ? (
    <p>
      <a class="button" href={NEW_PATH}>
        Create an application
      </a>
    </p>
  ) : (
    <ReadsOnly />
  );
