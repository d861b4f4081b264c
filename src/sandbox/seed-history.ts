/**
 * What happens in each seeded account in a calendar month, as a pure function of account and month. Whatever day the
 * history is cut at, no balance on the way passes the overdraft limit: months of current accounts come to nothing (their
 * last entry sweeps the rest), savings grow by less than they hold. Amounts are minor units, times UTC.
 */
import { DOLLAR, EURO, ISA, JOINT, MAIN, OVERDRAWN, SAVER, SORT_CODE, ZERO } from '#sandbox/seed-accounts.ts';
import { EATING, GROCERS, LISBON, SHOPS, SOFTWARE, STREAMING, TRANSPORT } from '#sandbox/seed-merchants.ts';
import {
  cardPayment,
  type Entry,
  type EntryDetails,
  entry,
  type Month,
  purchase,
  times,
  total,
} from '#sandbox/seed-month.ts';

const FRIDAY = 5;
const SATURDAY = 6;
const MONDAY = 1;
const TO_JOINT = 70_000;
const TO_SAVER = 15_000;
const TO_ISA = 2_500;
const DAYS_OF_YEAR = 365;

function directDebit(name: string, reference: string): EntryDetails {
  return { type: 'direct_debit', description: `Direct debit ${name}`, reference, counterpartyName: name };
}

function ownTransfer(type: 'transfer' | 'standing_order', what: string, number: string): EntryDetails {
  return {
    type,
    description: what,
    reference: 'SAVINGS',
    counterpartyName: 'Hazel Wren',
    counterpartyAccount: `${SORT_CODE}-${number}`,
  };
}

function transfer(name: string, reference: string): EntryDetails {
  return { type: 'transfer', description: `Transfer ${name}`, reference, counterpartyName: name };
}

/** The month's last entry: moves away what is over, or makes up what is missing. */
function sweep(
  month: Month,
  entries: readonly Entry[],
  details: (incoming: boolean) => EntryDetails,
): Entry[] {
  const rest = total(entries);
  if (rest === 0) return [];
  return [entry(month.at(month.days, 22, 30), -rest, details(rest < 0))];
}

function mainMonth(month: Month): Entry[] {
  const chance = month.chance(MAIN);
  const entries: Entry[] = [
    entry(month.at(1, 5, 10), -116_500, {
      type: 'standing_order',
      description: 'Standing order Meadow Lettings',
      reference: 'FLAT 4 RENT',
      counterpartyName: 'Meadow Lettings',
    }),
    entry(month.at(2, 5, 15), -TO_JOINT, {
      type: 'standing_order',
      description: 'Standing order Joint Account',
      reference: 'HOUSEHOLD',
      counterpartyName: 'Hazel Wren & Basil Reed',
      counterpartyAccount: `${SORT_CODE}-87654321`,
    }),
    entry(month.at(5, 4, 2), -3_250, directDebit('Spinning Wheel Gym', 'MEMBER 20771')),
    entry(month.at(12, 4, 5), -2_400, directDebit('Squeak Mobile', '07700 900123')),
    entry(month.at(17, 9, 1), -1_099, cardPayment(STREAMING)),
    entry(month.at(month.workingDay(25), 3, 30), 248_000, {
      type: 'salary',
      description: 'Salary Alder & Ash Architects',
      reference: `SALARY ${month.name}`,
      counterpartyName: 'Alder & Ash Architects Ltd',
    }),
    entry(
      month.at(26, 5, 20),
      -TO_SAVER,
      ownTransfer('standing_order', 'Standing order Easy Saver', '22222222'),
    ),
    ...times(3, () => purchase(month, chance, GROCERS, [2_400, 6_600])),
    ...times(2, () => purchase(month, chance, EATING, [760, 3_400])),
    ...times(2, () => purchase(month, chance, TRANSPORT, [310, 2_800])),
    ...times(chance.between(0, 1), () => purchase(month, chance, SHOPS, [1_150, 8_500])),
  ];
  const rest = sweep(month, entries, (incoming) =>
    ownTransfer('transfer', `Transfer ${incoming ? 'from' : 'to'} Easy Saver`, '22222222'),
  );
  return [...entries, ...rest];
}

function jointMonth(month: Month): Entry[] {
  const chance = month.chance(JOINT);
  // Council tax comes in ten instalments, April to January.
  const councilTax = month.month === 2 || month.month === 3 ? [] : [month.at(4, 4, 1)];
  return [
    entry(month.at(2, 5, 15), TO_JOINT, {
      type: 'transfer',
      description: 'Standing order from Hazel Wren',
      reference: 'HOUSEHOLD',
      counterpartyName: 'Hazel Wren',
      counterpartyAccount: `${SORT_CODE}-12345678`,
    }),
    entry(month.at(3, 6, 5), 85_000, transfer('Basil Reed', 'HOUSEHOLD')),
    ...councilTax.map((at) => entry(at, -16_800, directDebit('Hollow Borough Council', 'CT 8841902'))),
    entry(month.at(6, 5, 30), -48_000, transfer('Little Paws Nursery', 'REED-WREN')),
    entry(month.at(8, 4, 3), -chance.between(9_800, 18_600), directDebit('Brightside Energy', 'ACC 5520417')),
    entry(month.at(10, 4, 4), -3_800, directDebit('Clearbrook Water', '77-310-2')),
    entry(month.at(15, 4, 6), -3_100, directDebit('Burrowband Internet', 'BB 901188')),
    entry(month.at(18, 4, 7), -4_600, directDebit('Safe Nest Insurance', 'POL 33-2048')),
    ...month
      .daysOn(SATURDAY)
      .map((day) =>
        entry(
          month.at(day, chance.between(9, 17), chance.between(0, 59), chance.between(0, 59)),
          -chance.between(6_200, 12_800),
          cardPayment(chance.pick(GROCERS)),
        ),
      ),
    ...times(chance.between(2, 3), () => purchase(month, chance, SHOPS, [1_500, 9_000])),
  ];
}

/** Stays within 120.00 of where the month began, so that it is overdrawn and within its limit on every day. */
function overdrawnMonth(month: Month): Entry[] {
  const CEILING = 11_000;
  const FLOOR = -12_000;
  const chance = month.chance(OVERDRAWN);
  const wished: Entry[] = [
    entry(month.at(1, 6, 0), -380, { type: 'fee', description: 'Arranged overdraft charge' }),
    ...month
      .daysOn(MONDAY)
      .map((day) =>
        entry(
          month.at(day, 6, 10),
          chance.between(5_500, 8_500),
          transfer('Reed Carpentry', 'WEEKLY DRAWINGS'),
        ),
      ),
    ...times(5, () => purchase(month, chance, EATING, [450, 2_400])),
    ...times(3, () => purchase(month, chance, TRANSPORT, [600, 3_900])),
    entry(month.at(chance.between(8, 24), chance.between(10, 18), chance.between(0, 59)), -2_000, {
      type: 'cash_withdrawal',
      description: 'Cash machine High Street',
    }),
  ];
  const entries: Entry[] = [];
  let moved = 0;
  for (const wish of wished.sort((a, b) => a.at - b.at)) {
    const amountMinor = Math.min(wish.amountMinor, CEILING - moved);
    if (amountMinor !== 0 && moved + amountMinor >= FLOOR) {
      entries.push({ ...wish, amountMinor });
      moved += amountMinor;
    }
  }
  return [...entries, ...sweep(month, entries, () => transfer('Reed Carpentry', 'MONTH END'))];
}

/** What comes in goes out the same day. */
function zeroMonth(month: Month): Entry[] {
  const chance = month.chance(ZERO);
  return times(chance.between(4, 6), () => chance.between(1, month.days)).flatMap((day, index) => {
    const amountMinor = chance.between(2_500, 48_000);
    const payer = chance.pick(['Thistle Events', 'Meadowlark Studio', 'Dormouse Press']);
    const reference = `INV ${month.name.replace('-', '')}${index + 1}`;
    return [
      {
        at: month.at(day, chance.between(6, 15), chance.between(0, 59), chance.between(0, 59)),
        amountMinor,
        ...transfer(payer, reference),
      },
      entry(month.at(day, 21, index), -amountMinor, transfer('Clover Field', reference)),
    ];
  });
}

function interest(month: Month, annualMinor: number): Entry {
  const amountMinor = Math.round((annualMinor * month.days) / DAYS_OF_YEAR);
  return entry(month.at(month.days, 23, 0), amountMinor, { type: 'interest', description: 'Interest paid' });
}

/** Each Friday from the saver to the ISA. */
function isaDeposits(month: Month, sign: 1 | -1): Entry[] {
  const details =
    sign === 1
      ? ownTransfer('transfer', 'Standing order from Easy Saver', '22222222')
      : ownTransfer('standing_order', 'Standing order Fixed Term ISA', '33333333');
  return month.daysOn(FRIDAY).map((day) => entry(month.at(day, 5, 25), sign * TO_ISA, details));
}

function saverMonth(month: Month): Entry[] {
  // The other side of what the main account sets aside.
  const incoming = mainMonth(month)
    .filter((saved) => saved.counterpartyAccount === `${SORT_CODE}-22222222`)
    .map(({ at, amountMinor }) =>
      entry(
        at,
        -amountMinor,
        ownTransfer('transfer', `Transfer ${amountMinor < 0 ? 'from' : 'to'} Main Account`, '12345678'),
      ),
    );
  return [...incoming, ...isaDeposits(month, -1), interest(month, 31_000)];
}

function isaMonth(month: Month): Entry[] {
  return [...isaDeposits(month, 1), interest(month, 85_000)];
}

function exchange(currency: string): (incoming: boolean) => EntryDetails {
  return (incoming) => ({
    type: 'currency_exchange',
    description: incoming ? `Exchange GBP to ${currency}` : `Exchange ${currency} to GBP`,
    counterpartyName: 'Clover Field',
  });
}

function euroMonth(month: Month): Entry[] {
  const chance = month.chance(EURO);
  const entries: Entry[] = [
    entry(
      month.at(month.workingDay(5), 8, 40),
      115_000,
      transfer('Atelier Girassol Lda', `FATURA ${month.name}`),
    ),
    entry(month.at(8, 6, 15), -18_000, directDebit('Ninho Coworking', 'LUGAR 12')),
    ...times(chance.between(7, 10), () => purchase(month, chance, LISBON, [450, 6_900])),
  ];
  return [...entries, ...sweep(month, entries, exchange('EUR'))];
}

function dollarMonth(month: Month): Entry[] {
  const chance = month.chance(DOLLAR);
  const entries: Entry[] = [
    entry(
      month.at(month.workingDay(15), 15, 20),
      240_000,
      transfer('Prairie Dog Labs Inc', `INVOICE ${month.name}`),
    ),
    entry(month.at(month.workingDay(15), 21, 0), -1_500, {
      type: 'fee',
      description: 'Incoming payment charge',
    }),
    ...times(chance.between(6, 9), () => purchase(month, chance, SOFTWARE, [900, 14_500])),
  ];
  return [...entries, ...sweep(month, entries, exchange('USD'))];
}

/** Makes an account's month; entries come in no order. */
export const MONTHS: Readonly<Record<string, (month: Month) => Entry[]>> = {
  [MAIN]: mainMonth,
  [JOINT]: jointMonth,
  [OVERDRAWN]: overdrawnMonth,
  [ZERO]: zeroMonth,
  [SAVER]: saverMonth,
  [ISA]: isaMonth,
  [EURO]: euroMonth,
  [DOLLAR]: dollarMonth,
};
