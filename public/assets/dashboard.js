/** Times in the reader's zone (UTC on hover), menus that close, the current section in sight, what was typed before a proof, one answer to a double click. Pages work without. */
for (const time of document.querySelectorAll('time[data-zone]')) {
  time.title = time.textContent;
  time.textContent = new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'long',
    timeStyle: time.dataset.zone,
  })
    .format(new Date(time.dateTime))
    .replace(' at ', ', ');
}
const menu = document.querySelector('.menu');
addEventListener('click', (event) => {
  if (menu && !menu.contains(event.target)) menu.open = false;
});
addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || !menu?.open) return;
  menu.open = false;
  menu.firstElementChild.focus();
});
const sections = document.querySelector('.sections');
const current = sections?.querySelector('[aria-current]');
if (current) sections.scrollLeft = current.offsetLeft - sections.clientWidth / 2 + current.clientWidth / 2;

// Of a double click the second would cancel the answer to the first, which is the only one that shows a new key.
const DOUBLE_MS = 5000;
let sentAt = -DOUBLE_MS;
addEventListener('submit', (event) => {
  if (event.defaultPrevented || event.target.method !== 'post') return;
  if (performance.now() - sentAt < DOUBLE_MS) event.preventDefault();
  else sentAt = performance.now();
});
addEventListener('pageshow', () => {
  sentAt = -DOUBLE_MS;
});

// A form that was sent too late, and came back behind sign-in or a proof anew, has what was typed into it. Nothing secret is kept.
const UNSENT = 'unsent';
const SECRET = /PRIVATE KEY-----|"(?:d|p|q|dp|dq|qi|oth|k)"\s*:/;
const isProof = /^\/dashboard\/(?:sign-in|confirm)(?:\/|$)/.test(location.pathname);

function fieldsOf(form) {
  return [...new FormData(form)].filter(([name, text]) => {
    const { type } = form.elements[name];
    return type !== 'password' && (type !== 'hidden' || name === 'generated_jwks') && !SECRET.test(text);
  });
}

/** Which form it is: where it leads, and for what it was shown. What was changed meanwhile is not filled over. */
function keyOf({ action, elements }) {
  return [action, ...['shown_for', 'draft', 'version'].map((name) => elements[name]?.value)].join(' ');
}

function fill({ key, fields }) {
  const form = [...document.querySelectorAll('main form[method=post]')].find((each) => keyOf(each) === key);
  for (const control of form?.elements ?? []) {
    const isChoice = control.type === 'checkbox' || control.type === 'radio';
    const field = fields.find(
      ([name, text]) => name === control.name && (!isChoice || text === control.value),
    );
    if (isChoice) control.checked = field !== undefined;
    else if (field) control.value = field[1];
  }
}

try {
  const kept = JSON.parse(sessionStorage.getItem(UNSENT));
  if (!isProof) sessionStorage.removeItem(UNSENT);
  else if (kept && new URLSearchParams(location.search).get('done') === 'unsent') {
    sessionStorage.setItem(UNSENT, JSON.stringify({ ...kept, isBack: true }));
  }
  if (!isProof && kept?.isBack && kept.path === location.pathname) fill(kept);
  addEventListener('submit', ({ target, defaultPrevented }) => {
    if (defaultPrevented || isProof || target.method !== 'post' || !target.closest('main')) return;
    sessionStorage.setItem(
      UNSENT,
      JSON.stringify({ path: location.pathname, key: keyOf(target), fields: fieldsOf(target) }),
    );
  });
} catch {
  // Storage is off: people type it again.
}
