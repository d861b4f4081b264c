/** Addresses of the account's pages, and what their forms are called. */

export const ACCOUNT_PATHS = {
  signUp: '/dashboard/sign-up',
  confirmEmail: '/dashboard/confirm-email',
  signIn: '/dashboard/sign-in',
  signOut: '/dashboard/sign-out',
  reset: '/dashboard/reset-password',
  newPassword: '/dashboard/reset-password/new',
  confirm: '/dashboard/confirm',
  security: '/dashboard/security',
  password: '/dashboard/security/password',
  sessions: '/dashboard/security/sessions',
  passkeys: '/dashboard/security/passkeys',
  removePasskey: '/dashboard/security/passkeys/remove',
} as const;

/** What just happened, told on the page one is sent to: `?done=`. */
const DONE = {
  reset: 'Your new password is set. Sign in with it.',
  'signed-out': 'You are signed out.',
  unsent:
    'What you sent was not taken: we have to know first that it is you. You come back to the form then, to send it again.',
  password: 'Your password is changed. Your other sessions are signed out.',
  session: 'That session is signed out.',
  others: 'All your other sessions are signed out.',
  passkey: 'The passkey is added. Next time you can sign in with it.',
  'passkey-removed': 'The passkey is removed.',
  'passkey-gone': 'That passkey was removed before.',
  'passkey-kept': 'It is the only way into your account. Set a password or add another passkey first.',
  invited: 'The invitation is on its way. It holds for 7 days.',
  revoked: 'The invitation is taken back.',
  role: 'The role is changed.',
  removed: 'The member is removed.',
  renamed: 'The organisation has its new name.',
  made: 'The organisation is made. You are its owner, and working in it now.',
  joined: 'Welcome. You are a member now, and working in this organisation.',
  left: 'You have left. You are working in another organisation now.',
} as const;

/** A path with what it is to tell. */
export function pathDone(path: string, done: keyof typeof DONE): string {
  return `${path}?done=${done}`;
}

export function doneWords(word: string | undefined): string | undefined {
  return word !== undefined && Object.hasOwn(DONE, word) ? DONE[word as keyof typeof DONE] : undefined;
}

/** Name lengths, characters. */
export const NAME_LENGTH_MAXIMUM = 80;

/** What stands in the word a browser has for itself, and what people call it; the first that stands there counts. */
const BROWSERS = { Edg: 'Edge', OPR: 'Opera', Firefox: 'Firefox', Chrom: 'Chrome', Safari: 'Safari' };
const SYSTEMS = {
  iPhone: 'iPhone',
  iPad: 'iPad',
  Android: 'Android',
  Windows: 'Windows',
  'Mac OS': 'macOS',
  Linux: 'Linux',
};

/** What a browser calls itself, in two words a person knows; the rest is for its own eyes. */
export function agentWords(agent: string): string {
  const nameIn = (signs: Readonly<Record<string, string>>) =>
    Object.entries(signs).find(([sign]) => agent.includes(sign))?.[1];
  const browser = nameIn(BROWSERS) ?? 'A browser';
  const system = nameIn(SYSTEMS);
  return system === undefined ? browser : `${browser} on ${system}`;
}
