/** A customer's browser without a screen: keeps cookies, follows redirects, fills in the pages' forms as a person would. */

const ENTITIES = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };

function decode(text) {
  return text.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity]);
}

function attribute(tag, name) {
  const match = new RegExp(`\\s${name}="([^"]*)"`).exec(tag);
  return match === null ? undefined : decode(match[1]);
}

/** The form with this id on a page: where it posts, its hidden fields, what can be ticked and what can be picked. */
function readForm(html, id) {
  const form = new RegExp(`<form[^>]*\\sid="${id}"[^>]*>([\\s\\S]*?)</form>`).exec(html);
  if (form === null) return undefined;
  const inputs = form[1].match(/<input[^>]*>/g) ?? [];
  const ofType = (type) => inputs.filter((tag) => attribute(tag, 'type') === type);
  const choices = (type) =>
    ofType(type)
      .filter((tag) => !/\sdisabled\b/.test(tag))
      .map((tag) => ({ name: attribute(tag, 'name'), value: attribute(tag, 'value') }));
  return {
    action: attribute(form[0].slice(0, form[0].indexOf('>') + 1), 'action'),
    hidden: ofType('hidden').map((tag) => [attribute(tag, 'name'), attribute(tag, 'value') ?? '']),
    checkboxes: choices('checkbox'),
    radios: choices('radio'),
  };
}

/**
 * Opens a browser. `fetch` sends one request; `homes` are the origins whose pages it opens: a redirect that leaves them
 * is returned as `{ left: URL }`, everything else as `{ url, status, html }`.
 */
export function openBrowser({ fetch, homes }) {
  const cookies = new Map();

  function remember(response) {
    for (const line of response.headers.getSetCookie()) {
      const [pair, ...attributes] = line.split(';');
      const at = pair.indexOf('=');
      const ended = attributes.some((word) => /^\s*max-age=0\s*$/i.test(word));
      if (ended) cookies.delete(pair.slice(0, at));
      else cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
  }

  async function visit(address, init = {}) {
    let url = new URL(address);
    let request = init;
    for (let hop = 0; hop < 10; hop += 1) {
      if (!homes.includes(url.origin)) return { left: url };
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const response = await fetch(url, {
        ...request,
        redirect: 'manual',
        headers: { accept: 'text/html', ...(cookie === '' ? {} : { cookie }), ...request.headers },
      });
      remember(response);
      const location = response.headers.get('location');
      if (response.status < 300 || response.status >= 400 || location === null) {
        return { url, status: response.status, html: await response.text() };
      }
      url = new URL(location, url);
      request = {};
    }
    throw new Error('More than 10 redirects');
  }

  return {
    visit,
    /** Posts the form `id` of a page with the fields a person filled in: `[name, value]` pairs. */
    async submit(page, id, fields) {
      const form = readForm(page.html, id);
      if (form === undefined) throw new Error(`The page at ${page.url.pathname} has no form "${id}"`);
      return visit(new URL(form.action ?? page.url, page.url), {
        method: 'POST',
        body: new URLSearchParams([...form.hidden, ...fields]),
        headers: { origin: page.url.origin },
      });
    },
  };
}

/** Logs in, types the one-time code and decides; returns where the browser was sent. Throws on a page it did not expect. */
export async function passJourney(browser, start, { username, password, code, decision, accounts }) {
  const login = await browser.visit(start);
  const otp = await browser.submit(login, 'login', [
    ['username', username],
    ['password', password],
  ]);
  if (otp.left !== undefined) return otp;
  const consent = await browser.submit(otp, 'otp', [['otp', code]]);
  if (consent.left !== undefined) return consent;
  const { checkboxes = [], radios = [] } = readForm(consent.html, 'consent') ?? {};
  const wanted = ({ value }) => accounts === undefined || accounts.includes(value);
  const chosen = [...checkboxes.filter(wanted), ...radios.filter(wanted).slice(0, 1)];
  return browser.submit(consent, 'consent', [
    ...chosen.map(({ name, value }) => [name, value]),
    ['decision', decision],
  ]);
}
