/** What the pages of the dashboard are made of: fields, tables, code, times, ids, and what to say where there is nothing. */
import type { Child, FC, PropsWithChildren } from 'hono/jsx';
import type { DashboardTopic } from '#developers/dashboard-topic.ts';
import { type OfOrganisation, SHOWN_FOR } from '#developers/organisation.ts';
import type { ErrorCode } from '#kernel/errors.ts';
import { renderInstant } from '#kernel/time.ts';
import { instantWords } from '#kernel/words.ts';

/** Where there is nothing yet: what would be here, and how it comes about; the children teach the next step. */
export const EmptyState: FC<PropsWithChildren<{ readonly title: string }>> = ({ title, children }) => (
  <section class="card empty">
    <h2>{title}</h2>
    {children}
  </section>
);

/** Something to run or to keep as it stands; `copy.js` gives it its button. */
export const CodeBlock: FC<{ readonly code: string; readonly label: string }> = ({ code, label }) => (
  <figure>
    <figcaption>{label}</figcaption>
    <pre tabindex={0}>
      <code>{code}</code>
    </pre>
  </figure>
);

/** A column: its title, and whether it holds figures, which stand at the right. */
export type Column = string | { readonly title: string; readonly figures: true };

/**
 * A table that stays one on a phone: it scrolls within itself, its first column, which names the row, stays in sight.
 * `caption` is for screen readers; give the table a heading too.
 */
export const Table: FC<{
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Child[])[];
}> = ({ caption, columns, rows }) => {
  const classOf = (index: number) => (typeof columns[index] === 'object' ? 'amount' : undefined);
  return (
    <section class="scroll" tabindex={0} aria-label={caption}>
      <table>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th scope="col" class={classOf(index)}>
                {typeof column === 'string' ? column : column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, ...cells]) => (
            <tr>
              <th scope="row">{name}</th>
              {cells.map((cell, index) => (
                <td class={classOf(index + 1)}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
};

/** What is known of one thing, name and value; what has none (null) is left out. */
export const Facts: FC<{ readonly rows: readonly (readonly [name: Child, value: Child])[] }> = ({ rows }) => (
  <dl class="facts">
    {rows.map(([name, value]) =>
      value === null ? null : (
        <>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </>
      ),
    )}
  </dl>
);

export interface FieldProps {
  readonly label: Child;
  readonly name: string;
  /** Of an input, unless `rows` or `options` make it another control; `text` unless given. */
  readonly type?: 'text' | 'email' | 'password' | 'url' | 'search' | 'date' | 'datetime-local' | 'number';
  readonly value?: string | undefined;
  /** What to type, said below the label. */
  readonly hint?: Child;
  /** What is wrong with what was typed. */
  readonly error?: string | undefined;
  /** Lines of a text area. */
  readonly rows?: number;
  /** Choices of a list, value and name. */
  readonly options?: readonly (readonly [value: string, name: string])[] | undefined;
  readonly optional?: boolean;
  readonly autocomplete?: string;
  readonly autofocus?: boolean;
  readonly maxlength?: number;
  readonly minlength?: number;
  readonly pattern?: string;
  readonly placeholder?: string;
  readonly inputmode?: 'numeric' | 'email' | 'url' | 'text';
  /** Code, keys and ids: as typewriter text. */
  readonly code?: boolean;
}

/** The ids of a question's hint and of what is wrong with its answer, where it has them. */
export function describedBy(id: string, hint: Child, error: Child): string | undefined {
  const ids = [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`];
  return ids.join(' ').trim() || undefined;
}

/** The hint and the problem that `describedBy` names. */
export const Hints: FC<{ readonly id: string; readonly hint: Child; readonly error: Child }> = ({
  id,
  hint,
  error,
}) => (
  <>
    {hint === undefined ? null : (
      <p class="hint" id={`${id}-hint`}>
        {hint}
      </p>
    )}
    {error === undefined ? null : (
      <p class="wrong" id={`${id}-error`}>
        {error}
      </p>
    )}
  </>
);

/** One question of a form: its name is also its id, so that a problem can lead to it. */
export const Field: FC<FieldProps> = ({
  label,
  name,
  type = 'text',
  value,
  hint,
  error,
  rows,
  options,
  optional = false,
  code = false,
  ...others
}) => {
  const attributes = {
    ...others,
    id: name,
    name,
    required: !optional,
    class: code ? 'code' : undefined,
    'aria-describedby': describedBy(name, hint, error),
    'aria-invalid': error === undefined ? undefined : ('true' as const),
  };
  return (
    <div class="field">
      <label for={name}>
        {label}
        {optional ? <span class="hint"> (optional)</span> : null}
      </label>
      <Hints id={name} hint={hint} error={error} />
      {options !== undefined ? (
        <select {...attributes}>
          {options.map(([choice, text]) => (
            <option value={choice} selected={choice === value}>
              {text}
            </option>
          ))}
        </select>
      ) : rows !== undefined ? (
        <textarea {...attributes} rows={rows}>
          {value}
        </textarea>
      ) : (
        <input {...attributes} type={type} value={value} />
      )}
    </div>
  );
};

/** What goes back with a form's answers. */
export const Hidden: FC<{ readonly fields: Readonly<Record<string, string | undefined>> }> = ({ fields }) =>
  Object.entries(fields).map(([name, value]) => <input type="hidden" name={name} value={value} />);

/** For what cannot be undone: the reader types the name of what ends. The server compares it too. */
export const ConfirmByTyping: FC<{
  readonly expected: string;
  readonly error?: string | undefined;
}> = ({ expected, error }) => (
  <Field
    label={
      <>
        Type <span class="id">{expected}</span> to confirm
      </>
    }
    name="confirmation"
    error={error}
    autocomplete="off"
    code
  />
);

/** Epoch seconds to the minute in UTC; `dashboard.js` turns it to the reader's zone and keeps UTC for the hover. */
export const Time: FC<{ readonly at: number; readonly seconds?: boolean }> = ({ at, seconds = false }) => (
  <time datetime={renderInstant(at)} data-zone={seconds ? 'medium' : 'short'}>
    {instantWords(at, seconds)}
  </time>
);

/** An id, whole: selected at a click, and with a copy button from `copy.js`. */
export const Id: FC<{ readonly value: string }> = ({ value }) => (
  <span class="id" data-copy>
    {value}
  </span>
);

/** How something stands, in one word: never by its colour alone. */
export const Tag: FC<PropsWithChildren<{ readonly tone?: 'ok' | 'amber' | 'danger' | undefined }>> = ({
  tone,
  children,
}) => <span class={tone === undefined ? 'tag' : `tag ${tone}`}>{children}</span>;

/** Something to know before going on. */
export const Note: FC<PropsWithChildren<{ readonly tone?: 'amber' | 'danger' }>> = ({ tone, children }) => (
  <div class={tone === undefined ? 'note' : `note ${tone}`} role={tone === 'danger' ? 'alert' : undefined}>
    {children}
  </div>
);

/** What just happened, in words; nothing where nothing did. */
export const Notice: FC<{ readonly words: string | undefined }> = ({ words }) =>
  words === undefined ? null : (
    <Note>
      <p>{words}</p>
    </Note>
  );

/** A sentence of the bank's or a field's own problem, which leads to the field. */
export interface Problem {
  readonly field?: string;
  readonly message: string;
  /** Of the API's errors, where it is one. */
  readonly code?: ErrorCode;
}

/** The problems there are, of fields and what may be wrong with each. */
export function problemsOf(messages: Readonly<Record<string, string | undefined>>): readonly Problem[] {
  return Object.entries(messages).flatMap(([field, message]) =>
    message === undefined ? [] : [{ field, message }],
  );
}

/** What is wrong with one field. */
export function errorOf(problems: readonly Problem[], field: string): string | undefined {
  return problems.find((problem) => problem.field === field)?.message;
}

/** What is wrong with what was posted, above the form, and where it is explained; nothing where nothing is. */
export const ProblemSummary: FC<{ readonly errors: readonly Problem[]; readonly topic: DashboardTopic }> = ({
  errors,
  topic,
}) => {
  const code = errors.find((problem) => problem.code !== undefined)?.code;
  return errors.length === 0 ? null : (
    <Note tone="danger">
      {errors.map(({ field, message }) => (
        <p>{field === undefined ? message : <a href={`#${field}`}>{message}</a>}</p>
      ))}
      <p>
        <DocsLink {...(code === undefined ? { topic } : { code })}>What to do about it</DocsLink>
      </p>
    </Note>
  );
};

/** In a form that changes the organisation shown: which one that is. */
export const ShownFor: FC<{ readonly member: OfOrganisation }> = ({ member }) => (
  <Hidden fields={{ [SHOWN_FOR]: member.organisation.organisationId }} />
);

/** The document about an error code, or about a section of the dashboard (`api-keys`). */
export const DocsLink: FC<
  PropsWithChildren<{ readonly code: ErrorCode } | { readonly topic: DashboardTopic }>
> = (target) => (
  <a
    href={
      'code' in target
        ? `/docs/errors#${target.code.replaceAll('_', '-')}`
        : `/docs/dashboard#${target.topic}`
    }
  >
    {target.children ?? ('code' in target ? <code>{target.code}</code> : 'How this works')}
  </a>
);
