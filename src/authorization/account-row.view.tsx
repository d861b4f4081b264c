/** One account of the customer's on the consent page, to tick or to pick. */
import type { FC } from 'hono/jsx';
import { FAILURE_ID, Failure } from '#authorization/journey-parts.view.tsx';
import { JOURNEY_FIELDS, type OfferedAccount } from '#authorization/journey-props.ts';
import { CANNOT_PAY_WORDS } from '#bank/can-pay.ts';
import { moneyWords } from '#kernel/words.ts';

const ACCOUNT_TYPES = { current: 'Current account', savings: 'Savings account' } as const;

/** Where the hint stands, for `aria-describedby`. */
const HINT_ID = 'accounts-hint';

export interface AccountRowProps {
  readonly account: OfferedAccount;
  /** Several may be ticked, or one picked. */
  readonly type: 'checkbox' | 'radio';
  readonly focused: boolean;
}

export const AccountRow: FC<AccountRowProps> = ({ account, type, focused }) => (
  <label class="row">
    <input
      type={type}
      name={JOURNEY_FIELDS.account}
      value={account.accountId}
      checked={account.chosen}
      disabled={account.cannotPay !== undefined}
      autofocus={focused}
    />
    <b>{account.nickname}</b>
    <span class="amount">{moneyWords(account.balance)}</span>
    <small>
      {ACCOUNT_TYPES[account.accountType]} {account.maskedNumber}
    </small>
    {account.joint ? <small class="joint">Joint: others hold it with you</small> : null}
    {account.cannotPay === undefined ? null : <small>{CANNOT_PAY_WORDS[account.cannotPay]}</small>}
  </label>
);

/** The accounts of which one pays or is asked about; the only one there is stands picked. */
export const OneAccount: FC<{
  readonly legend: string;
  readonly hint: string;
  readonly accounts: readonly OfferedAccount[];
  readonly failure: string | undefined;
}> = ({ legend, hint, accounts, failure }) => {
  const firstToChoose = accounts.find(({ cannotPay }) => cannotPay === undefined);
  return (
    <fieldset aria-describedby={failure === undefined ? HINT_ID : `${FAILURE_ID} ${HINT_ID}`}>
      <legend>{legend}</legend>
      <div class="rows">
        <Failure text={failure} />
        <p class="hint" id={HINT_ID}>
          {hint}
        </p>
        {accounts.map((account) => (
          <AccountRow
            account={accounts.length === 1 ? { ...account, chosen: true } : account}
            type="radio"
            focused={failure !== undefined && account === firstToChoose}
          />
        ))}
      </div>
    </fieldset>
  );
};
