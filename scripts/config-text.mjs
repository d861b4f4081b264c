/** Changes to the text of wrangler.toml that keep its comments and order. */

/** The text of the table `heading`, with where it begins and ends. */
export function tableOf(text, heading) {
  const start = text.indexOf(`\n${heading}\n`);
  if (start < 0) throw new Error(`wrangler.toml has no ${heading}`);
  const next = text.slice(start + heading.length + 2).search(/^\[/m);
  const end = next < 0 ? text.length : start + heading.length + 2 + next;
  return { start, end, body: text.slice(start, end) };
}

/** Sets `key = "value"` in the table `heading`, where the key stands already. */
export function setInTable(text, heading, key, value) {
  const { start, end, body } = tableOf(text, heading);
  const line = new RegExp(`^${key} = "[^"]*"$`, 'm');
  if (!line.test(body)) throw new Error(`${heading} of wrangler.toml has no ${key}`);
  return text.slice(0, start) + body.replace(line, () => `${key} = "${value}"`) + text.slice(end);
}
