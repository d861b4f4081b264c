/** Links of a list's page, as paths and queries below the base of the API: itself, and its neighbours while there are any. */

/** Cursors of the neighbouring pages, while there are any. */
interface Neighbours {
  readonly next: string | undefined;
  readonly prev: string | undefined;
}

/** Each link repeats the parameters named, where they were sent; others are never echoed. */
export function renderPageLinks(
  path: string,
  parameters: ReadonlyMap<string, string>,
  repeated: readonly string[],
  { next, prev }: Neighbours,
) {
  const link = (cursor: string | undefined): string => {
    const query = new URLSearchParams();
    for (const name of repeated) {
      const value = parameters.get(name);
      if (value !== undefined) query.set(name, value);
    }
    if (cursor !== undefined) query.set('cursor', cursor);
    return query.size === 0 ? path : `${path}?${query.toString()}`;
  };
  return { self: link(parameters.get('cursor')), next: next && link(next), prev: prev && link(prev) };
}
