/** What came of a form's fields: the answers, or what is wrong with each field. */

/** A field of a posted form; empty where it was not sent. */
export type FieldOf = (name: string) => string;

/** What is wrong with one field of a form, in words that name it. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/** Answers of a form, or what is wrong with each field. */
export type Answered<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** The problem of a field, where it has it. */
export function problemIf(isWrong: boolean, field: string, message: string): readonly FieldProblem[] {
  return isWrong ? [{ field, message }] : [];
}
