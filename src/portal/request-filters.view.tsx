/** The filters of the request log: their form, their address, and what is wrong with them. */
import type { FC } from 'hono/jsx';
import { FilterForm } from '#developers/filter.view.tsx';
import { Field, Hidden, type Problem } from '#developers/parts.view.tsx';
import type { Refusal } from '#kernel/result.ts';
import { choicesOf, type LogViewing, REQUESTS } from '#portal/logged-call.view.tsx';
import { type Asked, FILTER_NAMES, type FilterName, METHODS } from '#traffic/request-query.ts';
import { searchOf } from '#traffic/traffic.schema.ts';

/** `errors`: those alike together. */
export type LogShow = 'calls' | 'errors';

export function addressOf(asked: Asked, show: LogShow, cursor?: string): string {
  const search = new URLSearchParams(searchOf(asked, cursor));
  if (show === 'errors') search.set('show', show);
  const text = search.toString();
  return text === '' ? REQUESTS : `${REQUESTS}?${text}`;
}

/** Each filter as the form names it. */
const LABELS = {
  client_id: 'Application',
  status: 'Status',
  code: 'Error code',
  method: 'Method',
  route: 'Path',
  request_id: 'Request id',
  from: 'From (UTC day)',
  to: 'To (UTC day)',
} as const satisfies Record<FilterName, string>;

/** What is wrong with the filters, each with its field. */
export function filterProblems({ errors = [] }: Refusal): readonly Problem[] {
  return errors.map(({ field, message }) => {
    const name = FILTER_NAMES.find((each) => each === field);
    return name === undefined
      ? { message: 'This link is of another list: begin again at its newest page.' }
      : { field: name, message: `${LABELS[name]} ${message}.` };
  });
}

export const Filters: FC<
  Pick<LogViewing, 'clients'> & {
    readonly asked: Asked;
    readonly show: LogShow;
    readonly problems: readonly Problem[];
  }
> = ({ clients, asked, show, problems }) => {
  const of = (name: FilterName) => ({
    name,
    label: LABELS[name],
    value: asked.get(name) ?? '',
    optional: true,
    error: problems.find(({ field }) => field === name)?.message,
  });
  const chosen = asked.get('client_id') ?? '';
  const isFiltered = FILTER_NAMES.some((name) => (asked.get(name) ?? '') !== '');
  return (
    <FilterForm
      action={REQUESTS}
      isFiltered={isFiltered}
      everything={show === 'errors' ? `${REQUESTS}?show=errors` : REQUESTS}
    >
      {show === 'errors' ? <Hidden fields={{ show: 'errors' }} /> : null}
      <div class="tiles">
        <Field
          {...of('client_id')}
          options={[
            ['', 'Every application and key'],
            ...choicesOf(clients),
            // One that has left, or was deleted long ago: its calls are here still.
            ...(chosen === '' || clients.some(({ clientId }) => clientId === chosen)
              ? []
              : [[chosen, chosen] as const]),
          ]}
        />
        <Field
          {...of('status')}
          options={
            [
              ['', 'Every status'],
              ['2xx', 'Answered (2xx)'],
              ['3xx', 'Redirected (3xx)'],
              ['4xx', 'Refused (4xx)'],
              ['5xx', 'Failed at the bank (5xx)'],
              ...(/^\d{3}$/.test(asked.get('status') ?? '')
                ? [[asked.get('status') ?? '', asked.get('status') ?? ''] as const]
                : []),
            ] as const
          }
        />
        <Field {...of('code')} placeholder="invalid_token" code autocomplete="off" />
        <Field
          {...of('method')}
          options={[['', 'Every method'], ...METHODS.map((method) => [method, method] as const)]}
        />
        <Field
          {...of('route')}
          placeholder="/open-banking/v1/accounts/{account_id}"
          code
          autocomplete="off"
        />
        <Field {...of('request_id')} code autocomplete="off" />
        <Field {...of('from')} placeholder="2026-11-01" autocomplete="off" />
        <Field {...of('to')} placeholder="2026-11-30" autocomplete="off" />
      </div>
    </FilterForm>
  );
};
