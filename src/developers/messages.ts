/** The words of each e-mail: what happened, the link where there is one, and what to do if it was not the reader. */
import { ACCOUNT_PATHS } from '#developers/accounts.ts';
import type { Message } from '#developers/mailer.ts';
import { type MemberRole, ROLE_WORDS } from '#developers/role.ts';
import { developerOrigin } from '#edge/developer-host.ts';
import type { Settings } from '#edge/settings.ts';

export interface Words {
  readonly subject: string;
  /** Paragraphs; one that is a path of the dashboard becomes its whole address. */
  readonly lines: readonly string[];
}

/** The message as this deployment sends it. */
export function writeMessage(settings: Settings, to: string, { subject, lines }: Words): Message {
  const place = settings.environment === 'sandbox' ? 'Hamster Bank sandbox' : 'Hamster Bank';
  const origin = developerOrigin(settings);
  // A sentence may begin with an address, and an address with a slash.
  const whole = lines.map((line) => (/^\/\S+$/.test(line) ? `${origin}${line}` : line));
  return {
    to,
    subject: `${subject} (${place})`,
    text: [...whole, `${place}, Open Banking API. We never ask for a password by e-mail.`].join('\n\n'),
  };
}

const IGNORE = 'If this was not you, ignore this message: nothing happens.';

export function confirmMessage(token: string): Words {
  return {
    subject: 'Confirm your e-mail address',
    lines: [
      'Somebody, we hope you, signed up with this address. To finish, enter the password you chose here:',
      `${ACCOUNT_PATHS.confirmEmail}?token=${token}`,
      'The link works for 24 hours, once.',
      IGNORE,
    ],
  };
}

export const KNOWN_ADDRESS_MESSAGE: Words = {
  subject: 'You have an account already',
  lines: [
    'Somebody, we hope you, signed up with this address. It has an account, which is as it was. Sign in:',
    ACCOUNT_PATHS.signIn,
    'If you do not know the password any more, choose a new one:',
    ACCOUNT_PATHS.reset,
    IGNORE,
  ],
};

export function resetMessage(token: string): Words {
  return {
    subject: 'Choose a new password',
    lines: [
      'Somebody, we hope you, asked for a new password. Choose it here:',
      `${ACCOUNT_PATHS.newPassword}?token=${token}`,
      'The link works for 30 minutes, once. It signs you out everywhere.',
      IGNORE,
    ],
  };
}

export const PASSWORD_CHANGED_MESSAGE: Words = {
  subject: 'Your password was changed',
  lines: [
    'The password of your developer account was changed, and other sessions were signed out.',
    'If this was not you, choose a new one at once, and look at your passkeys and sessions:',
    ACCOUNT_PATHS.reset,
  ],
};

/** A name that members chose, as the mail of strangers may carry it: nothing that a mail program makes a link of. */
function plainName(name: string): string {
  const plain = name
    .replace(/[^\p{L}\p{N} &'()-]/gu, ' ')
    .replace(/ +/g, ' ')
    .trim();
  return [...plain].slice(0, 60).join('');
}

export function invitationMessage(
  token: string,
  { organisation, inviter, role }: { organisation: string; inviter: string; role: MemberRole },
): Words {
  return {
    subject: 'You are invited',
    lines: [
      `${inviter} invites you to the organisation "${plainName(organisation)}" in the developer dashboard, as ${ROLE_WORDS[role].name.toLowerCase()}: you may ${ROLE_WORDS[role].may}. Open this page to accept:`,
      `/dashboard/invitation?token=${token}`,
      'The link works for 7 days, once, and for this address alone.',
      'If you do not know them, ignore this message: nothing happens.',
    ],
  };
}

export function passkeyAddedMessage(name: string): Words {
  return {
    subject: 'A passkey was added',
    lines: [
      `A passkey called "${plainName(name)}" was added to your developer account. It signs in without your password.`,
      'If this was not you, remove it, change your password, and look at your sessions:',
      ACCOUNT_PATHS.security,
    ],
  };
}

export const PASSKEY_REMOVED_MESSAGE: Words = {
  subject: 'A passkey was removed',
  lines: [
    'A passkey was removed from your developer account, and signs in no more.',
    'If this was not you, look at your passkeys and sessions:',
    ACCOUNT_PATHS.security,
  ],
};
