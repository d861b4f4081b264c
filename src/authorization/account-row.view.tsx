/** The customer's accounts on the consent page, to tick or to pick. */
import type { FC } from 'hono/jsx';
import { FAILURE_ID, Failure } from '#authorization/journey-parts.view.tsx';
import { JOURNEY_FIELDS, type OfferedAccount } from '#authorization/journey-props.ts';
import { CANNOT_PAY_WORDS } from '#bank/can-pay.ts';
import { moneyWords } from '#kernel/words.ts';

const ACCOUNT_TYPES = { current: 'Current account', savings: 'Savings account' } as const;

/** Where the hint stands, for `aria-describedby`. */
const HINT_ID = 'accounts-hint';

interface AccountRowProps {
  readonly account: OfferedAccount;
  readonly type: 'checkbox' | 'radio';
  readonly focused: boolean;
}

const AccountRow: FC<AccountRowProps> = ({ account, type, focused }) => (
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

/** Several may be ticked, or one picked: the only one there is stands picked. */
export const Accounts: FC<{
  readonly type: 'checkbox' | 'radio';
  readonly legend: string;
  readonly hint?: string;
  readonly accounts: readonly OfferedAccount[];
  readonly failure: string | undefined;
}> = ({ type, legend, hint, accounts, failure }) => {
  const firstToChoose = accounts.find(({ cannotPay }) => cannotPay === undefined);
  const isOnly = type === 'radio' && accounts.length === 1;
  const described = [failure && FAILURE_ID, hint && HINT_ID].filter((id) => id !== undefined);
  return (
    <fieldset aria-describedby={described.length > 0 ? described.join(' ') : undefined}>
      <legend>{legend}</legend>
      <div class="rows">
        <Failure text={failure} />
        {hint === undefined ? null : (
          <p class="hint" id={HINT_ID}>
            {hint}
          </p>
        )}
        {accounts.map((account) => (
          <AccountRow
            account={isOnly ? { ...account, chosen: true } : account}
            type={type}
            focused={failure !== undefined && account === firstToChoose}
          />
        ))}
      </div>
    </fieldset>
  );
};
