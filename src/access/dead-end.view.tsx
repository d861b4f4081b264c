/** A page of the customer's on which nothing can be done: what happened, why, and the way on. */
import type { FC } from 'hono/jsx';
import type { AccessStopProps } from '#access/access-props.ts';
import { Page } from '#edge/frame.view.tsx';

export const DeadEndView: FC<AccessStopProps> = (end) => (
  <Page environment={end.environment} host={end.host} title={end.heading} audience="customer">
    <article class="card told">
      <h1>{end.heading}</h1>
      <p>{end.explanation}</p>
      <h2>What to do now</h2>
      <p>{end.nextStep}</p>
      {end.onward === undefined ? null : (
        <p>
          <a class="button" href={end.onward}>
            Go to your access page
          </a>
        </p>
      )}
      <p class="hint">
        Request id: <span class="id">{end.requestId}</span>
      </p>
    </article>
  </Page>
);
