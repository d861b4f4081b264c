/** What a payment would do, in full, and from which account: the consent page of a payment. */
import type { FC, PropsWithChildren } from 'hono/jsx';
import { Accounts } from '#authorization/account-row.view.tsx';
import { Moment } from '#authorization/journey-parts.view.tsx';
import { type Asked, isNamedAlone } from '#authorization/journey-props.ts';
import type { Quote } from '#bank/exchange.ts';
import type { Creditor, InternationalPayment, PaymentInstruction } from '#consents/payment-instruction.ts';
import { BEARER_WORDS, CHARGE_WORDS } from '#consents/permissions.ts';
import { moneyWords } from '#kernel/words.ts';

type Payment = Extract<Asked, { type: 'payment' }>;

/** In pairs of digits, which stay on one line. */
const SortCodeAccount: FC<{ id: string }> = ({ id }) => {
  const [sortCode = '', accountNumber = ''] = id.split('-');
  return (
    <>
      Sort code <span class="whole">{sortCode.replaceAll(/(..)(?=.)/g, '$1-')}</span>, account {accountNumber}
    </>
  );
};

/** The payee's account in full, for the customer to compare with what they were given. */
const PayeeAccount: FC<{ creditor: Creditor }> = ({ creditor: { account, agentBic } }) => (
  <>
    {account.scheme === 'SortCodeAccountNumber' ? <SortCodeAccount id={account.id} /> : null}
    {account.scheme === 'IBAN' ? `IBAN ${account.id.replaceAll(/(.{4})(?=.)/g, '$1 ')}` : null}
    {account.scheme === 'AccountNumber' ? `Account ${account.id}` : null}
    {agentBic === undefined ? null : `, at ${agentBic}`}
  </>
);

const Quoted: FC<{ payment: InternationalPayment; quote: Quote }> = ({ payment, quote }) => {
  const { from, to, rate } = quote.exchangeRate;
  return (
    <>
      {/* Of what is sent, other banks may take their charges, unless the customer pays those. */}
      <dt>{payment.chargeBearer === 'debtor' ? 'They get' : 'We send'}</dt>
      <dd>{moneyWords({ amountMinor: quote.transferMinor, currency: to })}</dd>
      {from === to ? null : (
        <>
          <dt>Rate</dt>
          <dd>
            1 {from} = {rate} {to}
          </dd>
        </>
      )}
      <dt>Charges</dt>
      <dd>
        {quote.charges.map(({ type, amountMinor }) => (
          <>
            {CHARGE_WORDS[type]} {moneyWords({ amountMinor, currency: from })}.{' '}
          </>
        ))}
        {BEARER_WORDS[payment.chargeBearer]}
      </dd>
      <dt>In total</dt>
      <dd>
        <b>{moneyWords({ amountMinor: quote.totalDebitMinor, currency: from })}</b> from your account
      </dd>
    </>
  );
};

/** What is paid, to whom, and what it costs. */
export const PaymentTerms: FC<
  PropsWithChildren<{ payment: PaymentInstruction; quote: Quote | undefined }>
> = ({ payment, quote, children }) => (
  <dl>
    <dt>Amount</dt>
    <dd>
      <b>{moneyWords(payment.instructedAmount)}</b>
    </dd>
    <dt>To</dt>
    <dd>
      <b>
        <bdi>{payment.creditor.name}</bdi>
      </b>
    </dd>
    <dt>Account</dt>
    <dd>
      <PayeeAccount creditor={payment.creditor} />
    </dd>
    {payment.reference === undefined ? null : (
      <>
        <dt>Reference</dt>
        <dd>
          <bdi>{payment.reference}</bdi>
        </dd>
      </>
    )}
    {payment.type === 'international' && quote !== undefined ? (
      <Quoted payment={payment} quote={quote} />
    ) : null}
    {children}
  </dl>
);

export const PaymentAsked: FC<{ asked: Payment; failure: string | undefined }> = ({ asked, failure }) => {
  const { payment, quote, accounts } = asked;
  return (
    <>
      <section aria-labelledby="payment">
        <h2 id="payment">The payment</h2>
        <PaymentTerms payment={payment} quote={quote}>
          {quote === undefined ? null : (
            <>
              <dt>Offer ends</dt>
              <dd>
                <Moment at={quote.quoteExpiresAt} />
              </dd>
            </>
          )}
        </PaymentTerms>
      </section>
      <Accounts
        type="radio"
        legend={isNamedAlone(asked) ? 'The account to pay from' : 'Which account to pay from'}
        hint="The amounts are what you can spend."
        accounts={accounts}
        failure={failure}
      />
    </>
  );
};
