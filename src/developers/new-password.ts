/**
 * Whether a password may be chosen: long enough, and not one of those tried first. No rule about kinds of characters, and
 * none expires. Source: NIST SP 800-63B-4 section 3.1.1.2.
 */

/** Characters (code points). */
export const PASSWORD_LENGTH_MINIMUM = 12;
export const PASSWORD_LENGTH_MAXIMUM = 256;

/** What guessing begins with; of a password of these words alone, digits and signs between them count as nothing. */
const COMMON =
  'password passwort passw pass word letmein welcome admin administrator root change secret default login qwertyuiop qwertz qwerty azerty asdfghjkl asdfgh asdf zxcvbnm zxcvbn love you monkey dragon football baseball sunshine princess master shadow superman batman trustno starwars whatever hello test testing correcthorsebatterystaple abc abcd hamster bank wheel sandbox developer dashboard please the my is me i a'.split(
    ' ',
  );
/** Rows of keys and of letters: what lies in one of them in order is no secret. */
const ROWS = [
  '0123456789',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  'qazwsxedcrfvtgbyhnujmikolp',
  '1q2w3e4r5t6y7u8i9o0p',
];
const DISTINCT_MINIMUM = 5;

/** Signs that stand for letters, and those letters in the same order. */
const LOOKALIKES = '01!34@5$7';
const MEANT = 'oiieaasst';

function lettersOf(text: string): string {
  return text.replace(/[^a-z]/g, '');
}

/** Whether it can be read as these words one after the other; in steps that grow with its length, not with the readings. */
function isMadeOfWords(letters: string): boolean {
  const ends = new Set([0]);
  for (let at = 0; at < letters.length; at++) {
    if (!ends.has(at)) continue;
    for (const word of COMMON) if (letters.startsWith(word, at)) ends.add(at + word.length);
  }
  return ends.has(letters.length);
}

function isOfCommonWords(text: string): boolean {
  const read = Array.from(text, (sign) => MEANT[LOOKALIKES.indexOf(sign)] ?? sign).join('');
  // "password1234" as it stands, and "p4ssw0rd" as it is meant; digits alone are told by rows.
  return /[a-z]/.test(text) && (isMadeOfWords(lettersOf(text)) || isMadeOfWords(lettersOf(read)));
}

function isOfOneRow(text: string): boolean {
  const plain = text.replace(/[^a-z0-9]/g, '');
  if (plain.length * 2 < text.length) return false;
  return ROWS.some((row) => {
    const round = row.repeat(2 + Math.ceil(plain.length / row.length));
    return round.includes(plain) || [...round].toReversed().join('').includes(plain);
  });
}

/** A word of the account itself, with little else around it. */
function isOfOwnWords(text: string, own: readonly string[]): boolean {
  let left = text;
  for (const word of own) {
    const known = word.toLowerCase();
    if (known.length >= 4) left = left.replaceAll(known, '');
  }
  return left !== text && lettersOf(left).length < 4;
}

/** What is wrong with a new password, in words for who chose it; `own` are words of the account (address, names). */
export function findPasswordProblem(password: string, own: readonly string[]): string | undefined {
  const characters = [...password.normalize('NFKC')];
  if (characters.length < PASSWORD_LENGTH_MINIMUM) {
    return `Use at least ${PASSWORD_LENGTH_MINIMUM} characters. Several words do well.`;
  }
  if (characters.length > PASSWORD_LENGTH_MAXIMUM)
    return `Use at most ${PASSWORD_LENGTH_MAXIMUM} characters.`;
  const text = characters.join('').toLowerCase();
  const words = own.flatMap((word) => [word, ...word.split(/[@.\s]+/)]);
  const isGuessable =
    new Set(characters).size < DISTINCT_MINIMUM ||
    isOfCommonWords(text) ||
    isOfOneRow(text) ||
    isOfOwnWords(text, words);
  return isGuessable ? 'This password is easily guessed. Choose another.' : undefined;
}
