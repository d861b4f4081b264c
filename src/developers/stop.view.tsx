/** A page of the dashboard that goes no further: what happened, what to do now, and the request id. */
import type { FC } from 'hono/jsx';
import { DocsLink } from '#developers/parts.view.tsx';
import { DASHBOARD } from '#developers/session.ts';
import type { Site } from '#developers/site.ts';
import { Page } from '#edge/frame.view.tsx';

export interface StopProps {
  readonly heading: string;
  readonly why: string;
  readonly nextStep: string;
  /** Where that step is taken, if not on the dashboard's first page. */
  readonly link?: { readonly path: string; readonly text: string };
}

export const StopView: FC<StopProps & { readonly site: Site; readonly requestId: string }> = ({
  heading,
  why,
  nextStep,
  link = { path: DASHBOARD, text: 'Go to the dashboard' },
  requestId,
  site,
}) => (
  <Page {...site} title={heading} audience="developer" current="/dashboard">
    <article class="card told">
      <h1>{heading}</h1>
      <p>{why} Nothing was changed.</p>
      <h2>What to do now</h2>
      <p>{nextStep}</p>
      <p>
        <a class="button" href={link.path}>
          {link.text}
        </a>
      </p>
      <p>
        <DocsLink topic="when-a-page-goes-no-further">Why this happens</DocsLink>
      </p>
      <p class="hint">
        Request id: <span class="id">{requestId}</span>
      </p>
    </article>
  </Page>
);
