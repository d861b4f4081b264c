/** The audit log as a page: who did what, when and from where, the latest first. */
import type { FC } from 'hono/jsx';
import { AUDIT_ACTIONS, type AuditAction, type AuditRow } from '#developers/audit.ts';
import { DashboardPage } from '#developers/dashboard.view.tsx';
import { FilterForm } from '#developers/filter.view.tsx';
import type { BoardProps } from '#developers/organisation.view.tsx';
import { DocsLink, EmptyState, Field, Id, Table, Time } from '#developers/parts.view.tsx';
import type { AuditPage } from '#developers/read-audit.flow.ts';
import { withQuery } from '#kernel/address.ts';
import { instantWords } from '#kernel/words.ts';

export const AUDIT = '/dashboard/audit';

/** What the page is asked to show. */
export interface AuditFilter {
  readonly action: AuditAction | undefined;
  readonly actor: string | undefined;
}

type Members = Readonly<Record<string, unknown>>;

function wordsOf(action: string): string {
  return Object.hasOwn(AUDIT_ACTIONS, action) ? AUDIT_ACTIONS[action as AuditAction] : action;
}

function valueWords(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null) return name.endsWith('_at') ? 'never' : 'none';
  if (typeof value === 'number' && name.endsWith('_at')) return instantWords(value, true);
  // A key without allowed addresses may be used from any.
  if (Array.isArray(value)) return value.join(' ') || (name === 'allowed_ips' ? 'any' : 'none');
  return typeof value === 'object' ? `(${memberWords(value as Members)})` : JSON.stringify(value);
}

function memberWords(members: Members): string {
  return Object.entries(members)
    .map(([name, value]) => `${name.replaceAll('_', ' ')}: ${valueWords(name, value)}`)
    .join(', ');
}

/** `email: bob@example.com, from: viewer, to: developer`. */
function detailWords(detail: string): string {
  return memberWords(JSON.parse(detail) as Members);
}

function addressOf({ action, actor }: AuditFilter, before?: number): string {
  return withQuery(AUDIT, { action, actor, before });
}

const Rows: FC<{ readonly rows: readonly AuditRow[] }> = ({ rows }) => (
  <Table
    caption="Audit log"
    columns={['What', 'Detail', 'Who, from where', 'When', { title: 'Row', figures: true }]}
    rows={rows.map(({ at, actor, action, detail, subject, source, sequence }) => [
      wordsOf(action),
      <>
        <bdi>{detailWords(detail)}</bdi>
        {/* The id of an invitation is no one's to use. */}
        {action.startsWith('invitation.') ? null : (
          <>
            <br />
            <Id value={subject} />
          </>
        )}
      </>,
      <>
        <bdi>{actor}</bdi>
        <br />
        {source}
      </>,
      <Time at={at} seconds />,
      String(sequence),
    ])}
  />
);

const ACTION_CHOICES: readonly (readonly [string, string])[] = [
  ['', 'Everything'],
  ...Object.entries(AUDIT_ACTIONS),
];

export const AuditView: FC<
  BoardProps & { readonly page: AuditPage; readonly filter: AuditFilter; readonly isFirst: boolean }
> = ({ page, filter, isFirst, ...board }) => {
  const isFiltered = (filter.action ?? filter.actor) !== undefined;
  return (
    <DashboardPage
      {...board}
      title="Audit log"
      current={AUDIT}
      action={
        <a class="button plain" href={`${AUDIT}.csv`}>
          Download all as CSV
        </a>
      }
    >
      <p class="lead">
        What members, keys and applications changed. Rows are only added, each sealed with the one before.{' '}
        <DocsLink topic="audit-log" />
      </p>
      <FilterForm action={AUDIT} isFiltered={isFiltered} everything={AUDIT} narrow>
        <Field label="What was done" name="action" optional value={filter.action} options={ACTION_CHOICES} />
        <Field
          label="Who did it"
          name="actor"
          optional
          value={filter.actor}
          hint="A whole e-mail address, or the beginning of a key."
          maxlength={254}
          autocomplete="off"
        />
      </FilterForm>
      {page.rows.length > 0 ? (
        <Rows rows={page.rows} />
      ) : isFiltered || !isFirst ? (
        <EmptyState title="No such rows">
          <p>Choose less, or show everything.</p>
        </EmptyState>
      ) : (
        <EmptyState title="Nothing is written down yet">
          <p>The first change stands here at once.</p>
        </EmptyState>
      )}
      {isFirst && page.older === undefined ? null : (
        <p class="links">
          {isFirst ? null : (
            <a class="button plain" href={addressOf(filter)}>
              The latest
            </a>
          )}
          {page.older === undefined ? null : (
            <a class="button plain" href={addressOf(filter, page.older)}>
              Older
            </a>
          )}
        </p>
      )}
      {page.end.sequence === 0 ? null : (
        <p class="hint">
          The log has {page.end.sequence} {page.end.sequence === 1 ? 'row' : 'rows'}. The last row’s seal:{' '}
          <Id value={page.end.hash} />
        </p>
      )}
    </DashboardPage>
  );
};
