/** A page that goes no further: what happened and why, what to do now, and the request id. */
import type { Child, FC } from 'hono/jsx';
import { Page, type PageProps } from '#edge/frame.view.tsx';

export interface DeadEndProps extends Omit<PageProps, 'title'> {
  /** What happened: `This link does not work`. */
  readonly heading: string;
  /** Why, in one or two whole sentences. */
  readonly explanation: string;
  readonly nextStep: string;
  /** Where that step is taken; absent where there is no page of ours to go on to. */
  readonly onward?: { readonly path: string; readonly text: string } | undefined;
  /** What else is to know. */
  readonly more?: Child;
  readonly requestId: string;
}

export const DeadEndView: FC<DeadEndProps> = ({ heading, onward, ...page }) => (
  <Page {...page} title={heading}>
    <article class="card told">
      <h1>{heading}</h1>
      <p>{page.explanation}</p>
      <h2>What to do now</h2>
      <p>{page.nextStep}</p>
      {onward === undefined ? null : (
        <p>
          <a class="button" href={onward.path}>
            {onward.text}
          </a>
        </p>
      )}
      {page.more}
      <p class="hint">
        Request id: <span class="id">{page.requestId}</span>
      </p>
    </article>
  </Page>
);
