/** What apps ask for in these tests. */

/** As long as a payee's name may be, with words that do not break. */
export const LONG_PAYEE = 'Bäckereigenossenschaft-Eichhörnchen-und-Haselnuss-Südwest eingetr. Gen';

/** A consent to questions about the funds of hazel's main account. */
export const FUNDS = {
  consent_type: 'funds-confirmation',
  debtor_account: { scheme: 'SortCodeAccountNumber', id: '608371-12345678' },
};
