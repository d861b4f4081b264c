/** What permissions let an app see, each in its plain sentence, the technical names folded away. */
import type { FC } from 'hono/jsx';
import { Day } from '#authorization/journey-parts.view.tsx';
import type { AccountAccessRequest } from '#consents/consent.ts';
import { PERMISSION_WORDS } from '#consents/permissions.ts';

/** Which transactions, as the TPP bounded them: a sentence. */
const Period: FC<{ from: number | undefined; to: number | undefined }> = ({ from, to }) =>
  from === undefined && to === undefined ? (
    <> All that we hold, however old.</>
  ) : (
    <>
      {' Only those'}
      {from === undefined ? null : ' from '}
      {from === undefined ? null : <Day at={from} />}
      {to === undefined ? null : ' up to '}
      {to === undefined ? null : <Day at={to} />}.
    </>
  );

type Seen = Pick<AccountAccessRequest, 'permissions' | 'transactionFrom' | 'transactionTo'>;

export const PermissionsSeen: FC<Seen> = ({ permissions, transactionFrom, transactionTo }) => (
  <>
    <ul class="sees">
      {permissions.map((permission) => (
        <li>
          <b>{PERMISSION_WORDS[permission].group}</b>
          {PERMISSION_WORDS[permission].sentence}
          {permission === 'ReadTransactions' ? <Period from={transactionFrom} to={transactionTo} /> : null}
        </li>
      ))}
    </ul>
    <details>
      <summary>Technical names</summary>
      <p>
        {permissions.map((permission) => (
          <code>{permission}</code>
        ))}
      </p>
    </details>
  </>
);
