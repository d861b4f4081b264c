/** The words of each e-mail: what happened, the link where there is one, and what to do if it was not the reader. */
import type { Message } from '#developers/mailer.ts';
import { type MemberRole, ROLE_WORDS } from '#developers/role.ts';

interface Facts {
  readonly to: string;
  readonly origin: string;
  readonly environment: 'sandbox' | 'production';
}

function write({ to, environment }: Facts, subject: string, lines: readonly string[]): Message {
  const place = environment === 'sandbox' ? 'Hamster Bank sandbox' : 'Hamster Bank';
  return {
    to,
    subject: `${subject} (${place})`,
    text: [...lines, `${place}, Open Banking API. We never ask for a password by e-mail.`].join('\n\n'),
  };
}

const IGNORE = 'If this was not you, ignore this message: nothing happens.';

export function confirmMessage(facts: Facts, token: string): Message {
  return write(facts, 'Confirm your e-mail address', [
    'Somebody, we hope you, signed up for a developer account with this address. To finish, open this page and enter the password you chose:',
    `${facts.origin}/dashboard/confirm-email?token=${token}`,
    'The link works for 24 hours, once.',
    IGNORE,
  ]);
}

export function knownAddressMessage(facts: Facts): Message {
  return write(facts, 'You have an account already', [
    'Somebody, perhaps you, tried to sign up for a developer account with this address. You have one already, and it is as it was. Sign in here:',
    `${facts.origin}/dashboard/sign-in`,
    'If you do not know the password any more, choose a new one:',
    `${facts.origin}/dashboard/reset-password`,
    IGNORE,
  ]);
}

export function resetMessage(facts: Facts, token: string): Message {
  return write(facts, 'Choose a new password', [
    'Somebody, we hope you, asked to set a new password for your developer account. Open this page to choose it:',
    `${facts.origin}/dashboard/reset-password/new?token=${token}`,
    'The link works for 30 minutes, once. It signs you out everywhere.',
    IGNORE,
  ]);
}

export function passwordChangedMessage(facts: Facts): Message {
  return write(facts, 'Your password was changed', [
    'The password of your developer account was changed, and other sessions were signed out.',
    'If this was not you, set a new password at once and look at your passkeys and sessions:',
    `${facts.origin}/dashboard/reset-password`,
  ]);
}

/** A name that members chose, as the mail of strangers may carry it: nothing that a mail program makes a link of. */
function plainName(name: string): string {
  const plain = name
    .replace(/[^\p{L}\p{N} &'()-]/gu, ' ')
    .replace(/ +/g, ' ')
    .trim();
  return [...plain].slice(0, 60).join('');
}

export function invitationMessage(
  facts: Facts,
  token: string,
  { organisation, inviter, role }: { organisation: string; inviter: string; role: MemberRole },
): Message {
  return write(facts, 'You are invited', [
    `${inviter} invites you to the organisation "${plainName(organisation)}" in the developer dashboard, as ${ROLE_WORDS[role].name.toLowerCase()}: you may ${ROLE_WORDS[role].may}. Open this page to accept:`,
    `${facts.origin}/dashboard/invitation?token=${token}`,
    'The link works for 7 days, once, and for this address alone.',
    'If you do not know them, ignore this message: nothing happens.',
  ]);
}

export function passkeyAddedMessage(facts: Facts, name: string): Message {
  return write(facts, 'A passkey was added', [
    `A passkey called "${plainName(name)}" was added to your developer account. It signs in without your password.`,
    'If this was not you, remove it, sign out your other sessions and change your password:',
    `${facts.origin}/dashboard/security`,
  ]);
}

export function passkeyRemovedMessage(facts: Facts): Message {
  return write(facts, 'A passkey was removed', [
    'A passkey was removed from your developer account, and signs in no more.',
    'If this was not you, look at your passkeys and sessions:',
    `${facts.origin}/dashboard/security`,
  ]);
}
