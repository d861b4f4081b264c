/** The filters of a list: folded until one is set, sent by GET, so that an address says what is shown. */
import type { FC, PropsWithChildren } from 'hono/jsx';

export const FilterForm: FC<
  PropsWithChildren<{
    readonly action: string;
    readonly isFiltered: boolean;
    /** Where the list is whole. */
    readonly everything: string;
    /** One field below the other, not in tiles. */
    readonly narrow?: boolean;
  }>
> = ({ action, isFiltered, everything, narrow = false, children }) => (
  <details open={isFiltered}>
    <summary>Filter</summary>
    <form class={narrow ? 'form' : undefined} method="get" action={action}>
      {children}
      <p class="links">
        <button class="button plain" type="submit">
          Filter
        </button>
        {isFiltered ? (
          <a class="button plain" href={everything}>
            Show everything
          </a>
        ) : null}
      </p>
    </form>
  </details>
);
