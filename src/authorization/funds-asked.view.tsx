/** What a funds confirmation tells and what it does not: the consent page of one. */
import type { FC } from 'hono/jsx';
import { Accounts } from '#authorization/account-row.view.tsx';
import { UntilWhen } from '#authorization/journey-parts.view.tsx';
import type { Asked } from '#authorization/journey-props.ts';

type Funds = Extract<Asked, { type: 'funds-confirmation' }>;

export const FundsAsked: FC<{ asked: Funds; softwareName: string; failure: string | undefined }> = ({
  asked,
  softwareName,
  failure,
}) => (
  <>
    <section aria-labelledby="asks">
      <h2 id="asks">What {softwareName} would be told</h2>
      <ul class="sees">
        <li>
          <b>Yes or no</b>
          {softwareName} names an amount, and we say whether it is available at that moment. Nothing else is
          told, and no money is held back for it.
        </li>
      </ul>
    </section>
    <Accounts
      type="radio"
      legend="The account it would ask about"
      hint="You see what is in it; they do not."
      accounts={asked.accounts}
      failure={failure}
    />
    <UntilWhen at={asked.expiresAt} softwareName={softwareName} />
  </>
);
