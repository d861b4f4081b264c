/** Rows of the operators' audit, each chained to the one before, as they would stand in D1. */
import { EMPTY_CHAIN } from '#kernel/chain.ts';
import { nextAction, type OperatorAction } from '#operator/operator-action.ts';

export async function operatorActions(count: number): Promise<OperatorAction[]> {
  const rows: OperatorAction[] = [];
  for (let n = 1; n <= count; n += 1) {
    const row = await nextAction(rows.at(-1) ?? EMPTY_CHAIN, {
      at: n,
      actor: 'ada',
      action: 'client.find',
      subject: `c${n}`,
      detail: '{}',
      source: '192.0.2.1',
      requestId: `r${n}`,
    });
    rows.push(row);
  }
  return rows;
}
