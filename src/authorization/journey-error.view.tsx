/** A journey that cannot go back to the client: what happened, why, what to do now, and the request id. */
import type { FC } from 'hono/jsx';
import type { JourneyErrorProps } from '#authorization/journey-props.ts';
import { Page } from '#edge/frame.view.tsx';

export const JourneyErrorView: FC<JourneyErrorProps> = (error) => (
  <Page environment={error.environment} host={error.host} title={error.heading} audience="customer">
    <article class="card told">
      <h1>{error.heading}</h1>
      <p>{error.explanation}</p>
      <h2>What to do now</h2>
      <p>{error.nextStep}</p>
      <p class="hint">
        Request id: <span class="id">{error.requestId}</span>
      </p>
      {error.detail === undefined ? null : (
        <details>
          <summary>For the developers of the app</summary>
          <p>{error.detail}</p>
        </details>
      )}
    </article>
  </Page>
);
