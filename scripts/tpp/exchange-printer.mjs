/** Prints HTTP exchanges for people: request line, what matters of headers and bodies, secrets cut short. */

const SHOWN_REQUEST = ['authorization', 'content-type', 'x-consent-id', 'idempotency-key'];
const SHOWN_ANSWER = ['location', 'ratelimit', 'www-authenticate', 'retry-after', 'idempotency-replayed'];
const LONG = 96;

function shorten(text) {
  return text.length > LONG ? `${text.slice(0, LONG - 20)}...(${text.length} characters)` : text;
}

function readable(contentType, text) {
  if (/json/.test(contentType)) {
    const value = JSON.parse(text);
    return JSON.stringify(value, (_, member) => (typeof member === 'string' ? shorten(member) : member), 2);
  }
  if (/x-www-form-urlencoded/.test(contentType)) {
    return [...new URLSearchParams(text)].map(([name, value]) => `${name}=${shorten(value)}`).join('\n');
  }
  if (/html/.test(contentType)) {
    const title = /<title>([^<]*)<\/title>/.exec(text)?.[1] ?? 'untitled';
    return `(page: ${title})`;
  }
  return shorten(text);
}

function indent(text) {
  return text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}

/** A fetch that prints each exchange; `write` takes a line. */
export function printingFetch(fetch, write) {
  return async function printed(input, init = {}) {
    const request = new Request(input, init);
    const url = new URL(request.url);
    const sent = init.body === undefined || init.body === null ? '' : String(init.body);
    write(`\n  > ${request.method} ${shorten(url.pathname + url.search)}`);
    for (const name of SHOWN_REQUEST) {
      const value = request.headers.get(name);
      if (value !== null) write(`  > ${name}: ${shorten(value)}`);
    }
    if (sent !== '') write(indent(readable(request.headers.get('content-type') ?? '', sent)));
    const response = await fetch(request);
    write(`  < ${response.status}`);
    for (const name of SHOWN_ANSWER) {
      const value = response.headers.get(name);
      if (value !== null) write(`  < ${name}: ${shorten(value)}`);
    }
    const text = await response.clone().text();
    if (text !== '') write(indent(readable(response.headers.get('content-type') ?? '', text)));
    return response;
  };
}
