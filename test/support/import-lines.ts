/** Lines of an import that the bank takes, each call with ids and numbers of its own. */

export interface ImportLines {
  readonly customerId: string;
  readonly accountId: string;
  readonly customer: Record<string, unknown>;
  readonly account: Record<string, unknown>;
  readonly holder: Record<string, unknown>;
}

/** ISO 7064 over the BBAN, `GB00` moved behind it. */
function ibanOf(bban: string): string {
  const digits = [...`${bban}GB00`].map((letter) => Number.parseInt(letter, 36)).join('');
  const check = 98n - (BigInt(digits) % 97n);
  return `GB${String(check).padStart(2, '0')}${bban}`;
}

let made = 0;

export function importLinesOf(opening = '100.00', overdraft = '0.00'): ImportLines {
  made += 1;
  const number = String(70_000_000 + made);
  const word = crypto.randomUUID().slice(0, 8);
  const customerId = `cus_${word}`;
  const accountId = `acc_${word}`;
  return {
    customerId,
    accountId,
    customer: {
      type: 'customer',
      customer_id: customerId,
      username: `name-${word}`,
      display_name: 'Rowan Ash',
      password_digest: 'scrypt$16384$8$5$c2FuZGJveC10ZW5hbnRzIQ$3odUOwonMoaUC_Jtm0gm4tfxT_GsFyCns2bUDSgxTLw',
    },
    account: {
      type: 'account',
      account_id: accountId,
      currency: 'GBP',
      account_type: 'current',
      nickname: 'Everyday',
      sort_code: '608371',
      account_number: number,
      iban: ibanOf(`HMBK608371${number}`),
      opening_balance: opening,
      overdraft_limit: overdraft,
    },
    holder: { type: 'holder', customer_id: customerId, account_id: accountId },
  };
}
