/** The audit: one chain whatever happens at once, rows nobody changes, and faults that its verification finds. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { EMPTY_CHAIN } from '#kernel/chain.ts';
import { logAuditEnd } from '#operator/log-audit-end.flow.ts';
import { readChainEnd } from '#operator/operator-action.store.ts';
import { followChain, type OperatorAction } from '#operator/operator-action.ts';
import { recordAction } from '#operator/record-action.flow.ts';
import { testApp } from '../support/app.ts';
import { actionsOn, insertOperator } from '../support/operator.ts';
import { operatorActions } from '../support/operator-actions.ts';
import { listLog, testScope } from '../support/scope.ts';

const OPERATOR = { name: 'ada', scope: 'write', source: '192.0.2.1' } as const;

describe('the chain', () => {
  it('is followed from its beginning, or from any row', async () => {
    const rows = await operatorActions(4);
    expect(await followChain(EMPTY_CHAIN, rows)).toEqual({
      end: { sequence: 4, hash: rows[3]?.hash },
    });
    const second = rows[1];
    if (second === undefined) throw new Error('no row');
    expect(await followChain(second, rows.slice(2))).toHaveProperty('end.sequence', 4);
  });

  it.each<[string, (rows: OperatorAction[]) => unknown]>([
    ['row 2 was changed', (rows) => Object.assign(rows[1] ?? {}, { actor: 'eve' })],
    ['row 2 is missing: row 3 stands in its place', (rows) => rows.splice(1, 1)],
    ['row 3 does not follow row 2', (rows) => Object.assign(rows[2] ?? {}, { previousHash: 'x' })],
  ])('tells that %s', async (fault, change) => {
    const rows = await operatorActions(4);
    change(rows);
    expect(await followChain(EMPTY_CHAIN, rows)).toEqual({ fault });
  });
});

describe('in D1', () => {
  it('stays one chain when operators act at once', async () => {
    const subject = crypto.randomUUID();
    const deed = { action: 'client.find', subject, detail: {} } as const;
    const written = await Promise.all(
      Array.from({ length: 3 }, () => recordAction(testScope(), OPERATOR, deed)),
    );
    expect(written).toEqual([true, true, true]);
    expect(await actionsOn(subject)).toHaveLength(3);
    const operator = await insertOperator({ scope: 'read' });
    const answer = await operator.command(testApp(), '/audit?limit=500');
    const { actions } = await answer.json<{ actions: Record<string, string>[] }>();
    const rows = actions.map(
      (row) =>
        Object.assign(row, {
          requestId: row['request_id'],
          previousHash: row['previous_hash'],
        }) as unknown as OperatorAction,
    );
    expect(await followChain(EMPTY_CHAIN, rows)).toEqual({
      end: { sequence: rows.length, hash: rows.at(-1)?.hash },
    });
  });

  it.each([
    'UPDATE operator_actions SET actor = ?',
    'DELETE FROM operator_actions WHERE actor <> ?',
    "INSERT INTO operator_actions VALUES (999, 0, ?, 'x', 'x', '{}', 'x', 'x', '', 'x')",
  ])('refuses %s', async (statement) => {
    await recordAction(testScope(), OPERATOR, { action: 'client.find', subject: 'x', detail: {} });
    await expect(env.DB.prepare(statement).bind('eve').run()).rejects.toThrow(/audit_(immutable|chain)/);
  });

  it('has its end told to the log', async () => {
    const scope = testScope();
    await recordAction(scope, OPERATOR, { action: 'client.find', subject: 'x', detail: {} });
    const { sequence, hash } = await readChainEnd(scope.database);
    const { log, lines } = listLog();
    await logAuditEnd(testScope({ log }));
    expect(lines).toMatchObject([{ event: 'audit_heads', heads: [`operators:${sequence}:${hash}`] }]);
  });

  it('is read by subject and by request', async () => {
    const scope = testScope();
    const subject = crypto.randomUUID();
    await recordAction(scope, OPERATOR, { action: 'client.find', subject, detail: { found: true } });
    const operator = await insertOperator({ scope: 'read' });
    for (const query of [`subject=${subject}`, `request_id=${scope.requestId}`]) {
      const answer = await operator.command(testApp(), `/audit?${query}`);
      expect(await answer.json()).toMatchObject({
        actions: [{ subject, actor: 'ada', detail: '{"found":true}', request_id: scope.requestId }],
      });
    }
    const tooMany = await operator.command(testApp(), '/audit?limit=501');
    expect(tooMany.status).toBe(400);
    const message = 'must be a whole number from 1 to 500';
    expect(await tooMany.json()).toMatchObject({ errors: [{ field: 'limit', code: 'invalid', message }] });
    expect((await operator.command(testApp(), '/audit?limit=x')).status).toBe(400);
    expect((await operator.command(testApp(), '/audit?colour=red')).status).toBe(400);
  });
});
