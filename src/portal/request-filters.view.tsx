/** The filters of the request log: their form, their address, and what is wrong with them. */
import type { FC } from 'hono/jsx';
import { FilterForm } from '#developers/filter.view.tsx';
import { Field, type FieldProps, Hidden, type Problem } from '#developers/parts.view.tsx';
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

/** Each filter as the form asks for it. */
const FIELDS: Readonly<Record<FilterName, Omit<FieldProps, 'name'> & { readonly label: string }>> = {
  client_id: { label: 'Application' },
  status: {
    label: 'Status',
    options: [
      ['', 'Every status'],
      ['2xx', 'Answered (2xx)'],
      ['3xx', 'Redirected (3xx)'],
      ['4xx', 'Refused (4xx)'],
      ['5xx', 'Failed at the bank (5xx)'],
    ],
  },
  code: { label: 'Error code', placeholder: 'invalid_token', code: true },
  method: {
    label: 'Method',
    options: [['', 'Every method'], ...METHODS.map((method) => [method, method] as const)],
  },
  route: { label: 'Path', placeholder: '/open-banking/v1/accounts/{account_id}', code: true },
  request_id: { label: 'Request id', code: true },
  from: { label: 'From (UTC day)', placeholder: '2026-11-01' },
  to: { label: 'To (UTC day)', placeholder: '2026-11-30' },
};

/** What is wrong with the filters, each with its field. */
export function filterProblems({ errors = [] }: Refusal): readonly Problem[] {
  return errors.map(({ field, message }) => {
    const name = FILTER_NAMES.find((each) => each === field);
    return name === undefined
      ? { message: 'This link is of another list: begin again at its newest page.' }
      : { field: name, message: `${FIELDS[name].label} ${message}.` };
  });
}

export const Filters: FC<
  Pick<LogViewing, 'clients'> & {
    readonly asked: Asked;
    readonly show: LogShow;
    readonly problems: readonly Problem[];
  }
> = ({ clients, asked, show, problems }) => {
  const fieldOf = (name: FilterName) => {
    const field = FIELDS[name];
    const value = asked.get(name) ?? '';
    const choices =
      name === 'client_id'
        ? [['', 'Every application and key'] as const, ...choicesOf(clients)]
        : field.options;
    // One exact status, or an application that has left or was deleted long ago: its calls are here still.
    const isListed = value === '' || choices === undefined || choices.some(([choice]) => choice === value);
    return (
      <Field
        {...field}
        name={name}
        value={value}
        options={isListed ? choices : [...choices, [value, value]]}
        error={problems.find((problem) => problem.field === name)?.message}
        optional
        autocomplete="off"
      />
    );
  };
  const isFiltered = FILTER_NAMES.some((name) => (asked.get(name) ?? '') !== '');
  return (
    <FilterForm
      action={REQUESTS}
      isFiltered={isFiltered}
      everything={show === 'errors' ? `${REQUESTS}?show=errors` : REQUESTS}
    >
      {show === 'errors' ? <Hidden fields={{ show: 'errors' }} /> : null}
      <div class="tiles">{FILTER_NAMES.map(fieldOf)}</div>
    </FilterForm>
  );
};
