/** Payments on the wire: each member at, below and above its bounds; canonical forms; sameness. Source: interface section 4. */
import { describe, expect, it } from 'vitest';
import { parsePayment, renderPayment } from '#consents/payment-instruction.schema.ts';
import { samePayment } from '#consents/payment-instruction.ts';
import { DOMESTIC_PAYMENT, INTERNATIONAL_PAYMENT, instructionOf } from '../support/payments.ts';

type Members = Readonly<Record<string, unknown>>;

/** The payment with the member at `path` (`creditor.account.id`) replaced; undefined takes it out. */
function withMember(payment: Members, path: string, value: unknown): Members {
  const [name = '', ...rest] = path.split('.');
  const inner = payment[name];
  const next = rest.length === 0 ? value : withMember((inner ?? {}) as Members, rest.join('.'), value);
  const { [name]: _former, ...others } = payment;
  return next === undefined ? others : { ...others, [name]: next };
}

/** `ok`, or the code and the members it names. */
function outcome(payment: unknown): string {
  const parsed = parsePayment({ payment });
  if (parsed.ok) return 'ok';
  const fields = (parsed.refusal.errors ?? []).map(({ field }) => field);
  return `${parsed.refusal.code} ${fields.join(' ')}`;
}

const BAD = (field: string) => `invalid_request payment.${field}`;
const ACCOUNT = 'creditor.account';
const AMOUNT = 'instructed_amount.amount';
const CURRENCY = 'instructed_amount.currency';

type Row = readonly [path: string, value: unknown, outcome: string];

const ANY: readonly Row[] = [
  ['type', undefined, BAD('type')],
  ['type', 'instant', BAD('type')],
  ['instructed_amount', undefined, BAD('instructed_amount')],
  ['instructed_amount', '165.88', BAD('instructed_amount')],
  [AMOUNT, undefined, BAD(AMOUNT)],
  [AMOUNT, 165.88, BAD(AMOUNT)],
  [AMOUNT, '', BAD(AMOUNT)],
  [AMOUNT, '0.00', BAD(AMOUNT)],
  [AMOUNT, '0.01', 'ok'],
  [AMOUNT, '-1', BAD(AMOUNT)],
  [AMOUNT, '-1.00', BAD(AMOUNT)],
  [AMOUNT, '+1.00', BAD(AMOUNT)],
  [AMOUNT, '1e3', BAD(AMOUNT)],
  [AMOUNT, '0.001', BAD(AMOUNT)],
  [AMOUNT, '1', BAD(AMOUNT)],
  [AMOUNT, '1.0', BAD(AMOUNT)],
  [AMOUNT, '1,000.00', BAD(AMOUNT)],
  [AMOUNT, ' 1.00', BAD(AMOUNT)],
  [AMOUNT, '١.٠٠', BAD(AMOUNT)],
  [AMOUNT, '9999999999999.99', 'ok'],
  [AMOUNT, '10000000000000.00', BAD(AMOUNT)],
  [AMOUNT, '1'.repeat(30), BAD(AMOUNT)],
  [CURRENCY, undefined, BAD(CURRENCY)],
  [CURRENCY, 'gbp', BAD(CURRENCY)],
  [CURRENCY, 'GB', BAD(CURRENCY)],
  [CURRENCY, 'GBPX', BAD(CURRENCY)],
  ['creditor', undefined, BAD('creditor')],
  ['creditor.name', undefined, BAD('creditor.name')],
  ['creditor.name', '', BAD('creditor.name')],
  ['creditor.name', 'A', 'ok'],
  ['creditor.name', 'x'.repeat(70), 'ok'],
  ['creditor.name', 'x'.repeat(71), BAD('creditor.name')],
  ['creditor.name', `A${'𠮷'.repeat(69)}`, 'ok'],
  ['creditor.name', `A${'𠮷'.repeat(70)}`, BAD('creditor.name')],
  ['creditor.name', '   ', BAD('creditor.name')],
  ['creditor.name', '...', BAD('creditor.name')],
  ['creditor.name', 'Zoë O’Neill & Söhne', 'ok'],
  ['creditor.name', '株式会社どんぐり', 'ok'],
  ['creditor.name', 'Acorn\u0000', BAD('creditor.name')],
  ['creditor.name', 'Acorn\nStores', BAD('creditor.name')],
  ['creditor.name', 'Acorn\u007f', BAD('creditor.name')],
  ['creditor.name', 'Acorn\u2028Stores', BAD('creditor.name')],
  ['creditor.name', 'Acorn \u202Edtl', BAD('creditor.name')],
  ['creditor.name', 'Acorn \u200Fdtl', BAD('creditor.name')],
  ['creditor.name', 'Acorn\u2066 Stores', BAD('creditor.name')],
  ['creditor.name', 'Ac\u200Born', BAD('creditor.name')],
  ['creditor.name', 'Acorn\u3164', BAD('creditor.name')],
  ['creditor.name', 'Acorn\uD800', BAD('creditor.name')],
  ['creditor.name', 7, BAD('creditor.name')],
  [ACCOUNT, undefined, BAD(ACCOUNT)],
  [`${ACCOUNT}.scheme`, 'PAN', BAD(`${ACCOUNT}.scheme`)],
  [`${ACCOUNT}.id`, undefined, BAD(`${ACCOUNT}.id`)],
  [`${ACCOUNT}.id`, 'x'.repeat(51), BAD(`${ACCOUNT}.id`)],
  [ACCOUNT, { scheme: 'IBAN', id: 'GB12HMBK60837112345678' }, 'ok'],
  [ACCOUNT, { scheme: 'IBAN', id: 'gb12 hmbk 6083 7112 3456 78' }, 'ok'],
  [ACCOUNT, { scheme: 'IBAN', id: 'GB13HMBK60837112345678' }, BAD(`${ACCOUNT}.id`)],
  [ACCOUNT, { scheme: 'IBAN', id: 'GB12HMBK6083711234567' }, BAD(`${ACCOUNT}.id`)],
  [ACCOUNT, { scheme: 'IBAN', id: 'XX12HMBK60837112345678' }, BAD(`${ACCOUNT}.id`)],
  ['creditor.agent_bic', 'COBADEFF', 'ok'],
  ['creditor.agent_bic', 'cobadeffxxx', 'ok'],
  ['creditor.agent_bic', 'COBADEF', BAD('creditor.agent_bic')],
  ['creditor.agent_bic', 'COBADEFFXX', BAD('creditor.agent_bic')],
  ['creditor.agent_bic', 'COBADEFFXXXX', BAD('creditor.agent_bic')],
  ['creditor.agent_bic', 'COBA1EFF', BAD('creditor.agent_bic')],
  ['creditor.address', 'Nussallee 1', BAD('creditor.address')],
  ['creditor.address', { lines: [], country: 'DE' }, BAD('creditor.address.lines')],
  ['creditor.address', { lines: ['1'], country: 'DE' }, 'ok'],
  ['creditor.address', { lines: Array<string>(7).fill('1'), country: 'DE' }, 'ok'],
  ['creditor.address', { lines: Array<string>(8).fill('1'), country: 'DE' }, BAD('creditor.address.lines')],
  ['creditor.address', { lines: ['x'.repeat(71)], country: 'DE' }, BAD('creditor.address.lines.0')],
  ['creditor.address', { lines: ['1', '\u202E'], country: 'DE' }, BAD('creditor.address.lines.1')],
  ['creditor.address', { lines: ['1'], country: 'de' }, BAD('creditor.address.country')],
  ['debtor_account', { scheme: 'SortCodeAccountNumber', id: '608371-12345678' }, 'ok'],
  ['debtor_account', { scheme: 'SortCodeAccountNumber', id: '608371-1234567' }, BAD('debtor_account.id')],
  ['debtor_account', { scheme: 'SortCodeAccountNumber', id: '60-83-71 12345678' }, BAD('debtor_account.id')],
  ['debtor_account', { scheme: 'AccountNumber', id: '12345678' }, BAD('debtor_account.scheme')],
  ['debtor_account', { scheme: 'IBAN' }, BAD('debtor_account.id')],
  ['debtor_account', null, BAD('debtor_account')],
  ['reference', '', BAD('reference')],
  ['reference', 'R', 'ok'],
  ['reference', 'a\u0007', BAD('reference')],
  ['reference', 'a\u202E', BAD('reference')],
  ['reference', '---', BAD('reference')],
  ['end_to_end_id', undefined, BAD('end_to_end_id')],
  ['end_to_end_id', '', BAD('end_to_end_id')],
  ['end_to_end_id', 'E'.repeat(35), 'ok'],
  ['end_to_end_id', 'E'.repeat(36), BAD('end_to_end_id')],
  ['end_to_end_id', 'é', BAD('end_to_end_id')],
  ['surprise', 1, 'ok'],
];

const DOMESTIC: readonly Row[] = [
  [CURRENCY, 'EUR', `unsupported_currency payment.${CURRENCY}`],
  [CURRENCY, 'XAU', `unsupported_currency payment.${CURRENCY}`],
  // In a currency without decimals these are wrong before the currency is.
  [CURRENCY, 'JPY', BAD(AMOUNT)],
  ['instructed_amount', { amount: '166', currency: 'JPY' }, `unsupported_currency payment.${CURRENCY}`],
  [`${ACCOUNT}.id`, '20000055779911', 'ok'],
  [`${ACCOUNT}.id`, '200000-5577991', BAD(`${ACCOUNT}.id`)],
  [`${ACCOUNT}.id`, '200000-557799111', BAD(`${ACCOUNT}.id`)],
  [ACCOUNT, { scheme: 'AccountNumber', id: '55779911' }, BAD(`${ACCOUNT}.scheme`)],
  [ACCOUNT, { scheme: 'IBAN', id: 'DE89370400440532013000' }, BAD(`${ACCOUNT}.id`)],
  ['reference', 'x'.repeat(18), 'ok'],
  ['reference', 'x'.repeat(19), BAD('reference')],
  ['reference', 'A1/?:().,\'+#=!"%&*', 'ok'],
  ['reference', 'Rent – May', BAD('reference')],
  ['reference', 'Café', BAD('reference')],
  ['reference', 'a_b', BAD('reference')],
  ['charge_bearer', 'shared', 'ok'],
  ['charge_bearer', 'debtor', BAD('charge_bearer')],
  ['currency_of_transfer', 'GBP', 'ok'],
  ['currency_of_transfer', 'EUR', 'unsupported_currency payment.currency_of_transfer'],
];

const INTERNATIONAL: readonly Row[] = [
  [CURRENCY, 'EUR', 'ok'],
  [CURRENCY, 'USD', 'ok'],
  [CURRENCY, 'CHF', `unsupported_currency payment.${CURRENCY}`],
  ['instructed_amount', { amount: '100.00', currency: 'JPY' }, BAD(AMOUNT)],
  ['instructed_amount', { amount: '100', currency: 'JPY' }, `unsupported_currency payment.${CURRENCY}`],
  [ACCOUNT, { scheme: 'SortCodeAccountNumber', id: '200000-55779911' }, BAD(`${ACCOUNT}.scheme`)],
  [ACCOUNT, { scheme: 'AccountNumber', id: 'A1' }, 'ok'],
  [ACCOUNT, { scheme: 'AccountNumber', id: '1'.repeat(34) }, 'ok'],
  [ACCOUNT, { scheme: 'AccountNumber', id: '1'.repeat(35) }, BAD(`${ACCOUNT}.id`)],
  [ACCOUNT, { scheme: 'AccountNumber', id: '12-34' }, BAD(`${ACCOUNT}.id`)],
  ['reference', 'é'.repeat(35), 'ok'],
  ['reference', '𠮷'.repeat(35), 'ok'],
  ['reference', 'x'.repeat(36), BAD('reference')],
  ['charge_bearer', undefined, 'ok'],
  ['charge_bearer', 'nobody', BAD('charge_bearer')],
  ['currency_of_transfer', undefined, 'ok'],
  ['currency_of_transfer', 'JPY', 'ok'],
  ['currency_of_transfer', 'jpy', BAD('currency_of_transfer')],
  ['currency_of_transfer', 'KWD', 'unsupported_currency payment.currency_of_transfer'],
];

const named = (rows: readonly Row[]) =>
  rows.map(([path, value, expected]) => [path, JSON.stringify(value) ?? 'nothing', value, expected] as const);

describe('a payment', () => {
  it.each(named([...ANY, ...DOMESTIC]))('domestic: %s %s', (path, _text, value, expected) => {
    expect(outcome(withMember(DOMESTIC_PAYMENT, path, value))).toBe(expected);
  });

  it.each(named([...ANY, ...INTERNATIONAL]))('international: %s %s', (path, _text, value, expected) => {
    expect(outcome(withMember(INTERNATIONAL_PAYMENT, path, value))).toBe(expected);
  });

  it('needs the bank of a bare account number', () => {
    const creditor = { name: 'Acorn', account: { scheme: 'AccountNumber', id: '12345678' } };
    expect(outcome({ ...INTERNATIONAL_PAYMENT, creditor })).toBe(BAD('creditor.agent_bic'));
  });

  it.each([
    [
      'SortCodeAccountNumber',
      '200000-55779911',
      'SortCodeAccountNumber',
      '20000055779911',
      BAD('debtor_account'),
    ],
    ['IBAN', 'GB33BUKB20201555555555', 'SortCodeAccountNumber', '202015-55555555', BAD('debtor_account')],
    [
      'SortCodeAccountNumber',
      '202015-55555555',
      'IBAN',
      'GB33 BUKB 2020 1555 5555 55',
      BAD('debtor_account'),
    ],
    ['SortCodeAccountNumber', '200000-55779911', 'SortCodeAccountNumber', '200000-55779912', 'ok'],
  ])('from %s %s to %s %s: %s', (debtorScheme, debtor, scheme, id, expected) => {
    const payment = {
      ...DOMESTIC_PAYMENT,
      creditor: { name: 'Acorn', account: { scheme, id } },
      debtor_account: { scheme: debtorScheme, id: debtor },
    };
    expect(outcome(payment)).toBe(expected);
  });

  it('has every wrong member named at once', () => {
    const payment = {
      ...withMember(DOMESTIC_PAYMENT, AMOUNT, '0.00'),
      creditor: { name: '\u202E', account: { scheme: 'IBAN', id: 'GB00' } },
      reference: 'x'.repeat(19),
    };
    expect(outcome(payment)).toBe(
      'invalid_request payment.instructed_amount.amount payment.creditor.name payment.creditor.account.id payment.reference',
    );
  });

  it('is refused without its member, and as anything but an object', () => {
    for (const payment of [undefined, null, 'payment', 7]) {
      expect(outcome(payment)).toBe('invalid_request payment');
    }
  });

  it('never says back what was sent', () => {
    for (const [path, value] of [...ANY, ...DOMESTIC]) {
      if (typeof value !== 'string' || value.trim().length < 4) continue;
      const parsed = parsePayment({ payment: withMember(DOMESTIC_PAYMENT, path, value) });
      if (!parsed.ok && !/^[A-Z]{3}$/.test(value)) {
        expect.soft(JSON.stringify(parsed.refusal)).not.toContain(value);
      }
    }
  });
});

describe('the canonical form', () => {
  it.each([
    ['domestic', DOMESTIC_PAYMENT],
    ['international', INTERNATIONAL_PAYMENT],
  ])('is what an answer shows, and is parsed to itself: %s', (_type, payment) => {
    const instruction = instructionOf(payment);
    expect(renderPayment(instruction)).toEqual(payment);
    expect(instructionOf(renderPayment(instruction))).toEqual(instruction);
  });

  it('fills in what was left out, abroad alone', () => {
    const { charge_bearer: _bearer, currency_of_transfer: _currency, ...bare } = INTERNATIONAL_PAYMENT;
    expect(renderPayment(instructionOf(bare))).toMatchObject({
      charge_bearer: 'shared',
      currency_of_transfer: 'GBP',
    });
    expect(renderPayment(instructionOf({ ...DOMESTIC_PAYMENT, charge_bearer: 'shared' }))).toEqual(
      DOMESTIC_PAYMENT,
    );
  });
});

describe('two payments are', () => {
  const payment = { ...DOMESTIC_PAYMENT, debtor_account: { scheme: 'IBAN', id: 'GB12HMBK60837112345678' } };

  it.each<Row>([
    ['surprise', 1, ''],
    [`${ACCOUNT}.id`, '20000055779911', ''],
    ['debtor_account.id', 'gb12 HMBK 6083 7112 3456 78', ''],
    ['charge_bearer', 'shared', ''],
    ['currency_of_transfer', 'GBP', ''],
    [AMOUNT, '0165.88', ''],
  ])('the same, whatever %s is written like', (path, value) => {
    expect(samePayment(instructionOf(payment), instructionOf(withMember(payment, path, value)))).toBe(true);
  });

  it.each<Row>([
    [AMOUNT, '165.89', ''],
    ['creditor.name', 'Acorn Stores LTD', ''],
    [`${ACCOUNT}.id`, '200000-55779912', ''],
    [ACCOUNT, { scheme: 'IBAN', id: 'GB51HMBK60837187654321' }, ''],
    ['creditor.agent_bic', 'COBADEFF', ''],
    ['creditor.address', { lines: ['1'], country: 'GB' }, ''],
    ['debtor_account', undefined, ''],
    ['debtor_account', { scheme: 'SortCodeAccountNumber', id: '608371-12345678' }, ''],
    ['reference', undefined, ''],
    ['reference', 'INV 2026/118', ''],
    ['end_to_end_id', 'ACORN-2026-118', ''],
    ['type', 'international', ''],
  ])('two where %s differs: %s', (path, value) => {
    const other = withMember(payment, path, value);
    const abroad = path === 'type' ? { ...other, creditor: INTERNATIONAL_PAYMENT.creditor } : other;
    expect(samePayment(instructionOf(payment), instructionOf(abroad))).toBe(false);
  });

  it.each<Row>([
    ['charge_bearer', 'debtor', ''],
    ['currency_of_transfer', 'USD', ''],
    [CURRENCY, 'USD', ''],
  ])('two where %s differs abroad', (path, value) => {
    const other = withMember(INTERNATIONAL_PAYMENT, path, value);
    expect(samePayment(instructionOf(INTERNATIONAL_PAYMENT), instructionOf(other))).toBe(false);
  });
});
