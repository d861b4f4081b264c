/**
 * `npm run verify-audit`: follows the audit's chain of hashes from its first row to its last and says where it is broken.
 * Rows cut off the end leave a whole chain: keep the last line printed, and give it the next time with --expect.
 */
import { parseArgs } from 'node:util';
import { EMPTY_CHAIN } from '#kernel/chain.ts';
import { followChain } from '#operator/operator-action.ts';
import { CONNECTION_OPTIONS, connect, Refused } from './operator/connection.mjs';

const PAGE = 500;

const { values } = parseArgs({ options: { ...CONNECTION_OPTIONS, expect: { type: 'string' } } });

function rowOf({ request_id: requestId, previous_hash: previousHash, ...row }) {
  return { ...row, requestId, previousHash };
}

/** Follows all pages; the end of the chain, and whether `expected` was passed on the way. */
async function verify(send, expected) {
  let end = EMPTY_CHAIN;
  let isSeen = expected === undefined;
  for (;;) {
    const { actions } = await send('GET', `/audit?after=${end.sequence}&limit=${PAGE}`);
    const followed = await followChain(end, actions.map(rowOf));
    if ('fault' in followed) throw new Refused(`The audit is broken: ${followed.fault}.`);
    isSeen ||= actions.some(({ sequence, hash }) => `${sequence}:${hash}` === expected);
    end = followed.end;
    if (actions.length < PAGE) return { end, isSeen };
  }
}

try {
  const { end, isSeen } = await verify(connect(values), values.expect);
  if (!isSeen) throw new Refused(`The audit does not hold ${values.expect}: rows were cut off or made anew.`);
  console.log(`The audit is whole: ${end.sequence} rows.`);
  console.log(`${end.sequence}:${end.hash}`);
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  console.error(error.message);
  process.exit(error.exitCode);
}
