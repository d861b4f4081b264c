/** Lines of an import: JSON objects of type `customer`, `account` and `holder`. Also what `npm run import` checks a file by. */
import * as v from 'valibot';
import { normaliseName } from '#authorization/login-attempt.ts';
import type { AccountType } from '#bank/account.ts';
import { parseIban } from '#bank/iban.ts';
import { isDigest } from '#bank/password-digest.ts';
import { fieldErrorsOf } from '#edge/body.ts';
import { type Currency, isCurrency, parseAmount } from '#kernel/money.ts';
import type { FieldError } from '#kernel/result.ts';
import { cleanName } from '#kernel/text.ts';
import type { ImportLine, NumberedLine } from '#operator/import-line.ts';

/** Lines of one batch, which is imported whole or not at all. */
export const BATCH_LINES = 200;
/** Faults told of one batch. */
const FAULTS_MAXIMUM = 50;

/** A text, and what is said where it is not as it has to be. */
function textThat(isRight: (text: string) => boolean, message: string) {
  return v.pipe(v.string(), v.check(isRight, message));
}

function idOf(prefix: 'cus_' | 'acc_') {
  const form = new RegExp(`^${prefix}[A-Za-z0-9_-]{1,60}$`);
  return textThat((text) => form.test(text), `must be ${prefix} and 1 to 60 letters, digits, _ or -`);
}

const customerId = idOf('cus_');
const accountId = idOf('acc_');
const shownName = textThat(
  (text) => text !== '' && cleanName(text, 70) === text,
  'must be 1 to 70 characters that can be shown',
);

const customerSchema = v.strictObject({
  type: v.literal('customer'),
  customer_id: customerId,
  username: textThat(
    (text) => text !== '' && normaliseName(text) === text,
    'must be lower case, without outer spaces',
  ),
  display_name: shownName,
  password_digest: textThat(isDigest, 'must be scrypt$N$r$p$salt$key in base64url, N*r*p at most 1048576'),
  locked: v.optional(v.boolean(), false),
});

const accountSchema = v.strictObject({
  type: v.literal('account'),
  account_id: accountId,
  status: v.optional(v.picklist(['enabled', 'closed']), 'enabled'),
  currency: v.custom<Currency>((value) => typeof value === 'string' && isCurrency(value)),
  account_type: v.picklist(['current', 'savings'] satisfies AccountType[]),
  nickname: shownName,
  sort_code: textThat((text) => /^\d{6}$/.test(text), 'must be six digits'),
  account_number: textThat((text) => /^\d{8}$/.test(text), 'must be eight digits'),
  iban: textThat((text) => parseIban(text) === text, 'must be an IBAN in its electronic form'),
  opening_balance: v.string(),
  overdraft_limit: v.optional(v.string(), '0.00'),
  withdrawals_restricted: v.optional(v.boolean(), false),
});

const holderSchema = v.strictObject({
  type: v.literal('holder'),
  customer_id: customerId,
  account_id: accountId,
});

const lineSchema = v.variant('type', [customerSchema, accountSchema, holderSchema]);

type Checked<T> = { readonly value: T } | { readonly faults: readonly FieldError[] };

/** A decimal number with exactly the currency's decimals, zero and minus allowed, to minor units. */
function parseBalance(text: string, currency: Currency): number | undefined {
  const isNegative = text.startsWith('-');
  const parsed = parseAmount(isNegative ? text.slice(1) : text, currency);
  if (parsed.ok) return isNegative ? -parsed.value : parsed.value;
  return parsed.refusal === 'not_positive' ? 0 : undefined;
}

const DECIMAL = "must be a decimal number with the currency's decimals";

function invalid(field: string, message: string): FieldError {
  return { field, code: 'invalid', message };
}

function toAccountLine(given: v.InferOutput<typeof accountSchema>): Checked<ImportLine> {
  const { currency } = given;
  const faults: FieldError[] = [];
  const bookedMinor = parseBalance(given.opening_balance, currency);
  const overdraftLimitMinor = parseBalance(given.overdraft_limit, currency);
  if (bookedMinor === undefined) faults.push(invalid('opening_balance', DECIMAL));
  if (overdraftLimitMinor === undefined || overdraftLimitMinor < 0) {
    faults.push(invalid('overdraft_limit', `${DECIMAL}, not below zero`));
  }
  if ((bookedMinor ?? 0) + (overdraftLimitMinor ?? 0) < 0) {
    faults.push(invalid('opening_balance', 'must be within the overdraft limit'));
  }
  if (!given.iban.endsWith(`${given.sort_code}${given.account_number}`)) {
    faults.push(invalid('iban', 'must end with the sort code and the account number'));
  }
  if (bookedMinor === undefined || overdraftLimitMinor === undefined || faults.length > 0) return { faults };
  return {
    value: {
      type: 'account',
      account: {
        accountId: given.account_id,
        status: given.status,
        currency,
        accountType: given.account_type,
        nickname: given.nickname,
        sortCode: given.sort_code,
        accountNumber: given.account_number,
        iban: given.iban,
        bookedMinor,
        overdraftLimitMinor,
        withdrawalsRestricted: given.withdrawals_restricted,
      },
    },
  };
}

function toLine(given: v.InferOutput<typeof lineSchema>): Checked<ImportLine> {
  if (given.type === 'account') return toAccountLine(given);
  if (given.type === 'holder') {
    return { value: { type: 'holder', customerId: given.customer_id, accountId: given.account_id } };
  }
  return {
    value: {
      type: 'customer',
      customer: {
        customerId: given.customer_id,
        username: given.username,
        displayName: given.display_name,
        passwordDigest: given.password_digest,
        locked: given.locked,
      },
    },
  };
}

/** One line of an import; every fault of it, by member. */
export function parseImportLine(text: string): Checked<ImportLine> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { faults: [invalid('', 'is not well-formed JSON')] };
  }
  const parsed = v.safeParse(lineSchema, value);
  return parsed.success ? toLine(parsed.output) : { faults: fieldErrorsOf(parsed.issues) };
}

/** The lines of a batch; every fault, by line and member (`lines.3.iban`). Blank lines count and say nothing. */
export function parseImport(text: string): Checked<readonly NumberedLine[]> {
  const texts = text.split('\n').map((line) => line.trim());
  if (texts.filter((line) => line !== '').length > BATCH_LINES) {
    return { faults: [invalid('lines', `must be at most ${BATCH_LINES}`)] };
  }
  const lines: NumberedLine[] = [];
  const faults: FieldError[] = [];
  for (const [index, line] of texts.entries()) {
    if (line === '') continue;
    const number = index + 1;
    const checked = parseImportLine(line);
    if ('value' in checked) lines.push({ number, line: checked.value });
    else {
      for (const fault of checked.faults) {
        faults.push({ ...fault, field: [`lines.${number}`, fault.field].filter(Boolean).join('.') });
      }
    }
  }
  return faults.length > 0 ? { faults: faults.slice(0, FAULTS_MAXIMUM) } : { value: lines };
}
