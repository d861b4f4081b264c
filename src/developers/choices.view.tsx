/** Questions answered by choosing: rows to tick or to pick, in one group with its hint and its problem. */
import type { Child, FC, PropsWithChildren } from 'hono/jsx';
import { describedBy, Hints } from '#developers/parts.view.tsx';

/** One of several to tick (`checkbox`) or to pick (`radio`), as a row of its own; put them in a `Choices`. */
export const Choice: FC<{
  readonly type: 'checkbox' | 'radio';
  readonly name: string;
  readonly value: string;
  readonly title: Child;
  readonly hint?: Child;
  readonly checked?: boolean;
  readonly disabled?: boolean;
}> = ({ title, hint, ...input }) => (
  <label class="row">
    <input {...input} />
    <b>{title}</b>
    {hint === undefined ? null : <small>{hint}</small>}
  </label>
);

/** A question answered by choosing. */
export const Choices: FC<
  PropsWithChildren<{ readonly legend: string; readonly hint?: Child; readonly error?: string | undefined }>
> = ({ legend, hint, error, children }) => {
  const id = legend.toLowerCase().replaceAll(' ', '-');
  return (
    <fieldset aria-describedby={describedBy(id, hint, error)}>
      <legend>{legend}</legend>
      <div class="rows" id={id}>
        <Hints id={id} hint={hint} error={error} />
        {children}
      </div>
    </fieldset>
  );
};
