/** `npm run verify-audit`: it finds each kind of fault planted in organisations' logs and the operators', against logged ends. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AuditRow, nextAuditRow } from '#developers/audit.ts';
import { auditCsvHead, auditCsvLine } from '#developers/audit-csv.ts';
import { EMPTY_CHAIN } from '#kernel/chain.ts';
import { renderCsvLine } from '#kernel/csv.ts';
import type { OperatorAction } from '#operator/operator-action.ts';
import { findHeads, reportLogs } from '../../scripts/audit/verify-logs.mjs';
import { operatorActions } from '../support/operator-actions.ts';

type Said = Pick<AuditRow, 'actor' | 'detail'>;

/** A log of eight rows, some with cells that a spreadsheet would run. */
async function makeLog(
  organisationId: string,
  said: (n: number) => Partial<Said> = () => ({}),
): Promise<AuditRow[]> {
  const rows: AuditRow[] = [];
  for (let n = 1; n <= 8; n += 1) {
    const row = await nextAuditRow(rows.at(-1) ?? EMPTY_CHAIN, {
      organisationId,
      at: 1_795_000_000 + n,
      actorId: `dev_${n % 3}`,
      actor: n === 5 ? '=cmd@example.com' : `ada${n % 3}@example.com`,
      action: 'member.change_role',
      subject: `dev_${n}`,
      detail: JSON.stringify({
        email: 'eve@example.com',
        from: 'viewer',
        to: 'developer',
        note: `"${n}", ok`,
      }),
      source: n === 6 ? '2001:db8::1' : '192.0.2.1',
      requestId: `request-${n}`,
      ...said(n),
    });
    rows.push(row);
  }
  return rows;
}

const csvOf = (rows: readonly AuditRow[]) => auditCsvHead() + rows.map(auditCsvLine).join('');
const headOf = (rows: readonly AuditRow[], sequence = rows.length) =>
  `${rows[0]?.organisationId}:${sequence}:${rows[sequence - 1]?.hash}`;
/** As a log store hands out a line: wrapped, and escaped within. */
const lineOf = (...heads: readonly string[]) =>
  `${JSON.stringify({ timestamp: 1, message: [JSON.stringify({ event: 'audit_heads', heads })] })}\n`;

let folder: string;
let acorn: AuditRow[];
let birch: AuditRow[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'audit-'));
  acorn = await makeLog('org_acorn-1');
  birch = await makeLog('org_birch_2');
});
afterAll(() => rmSync(folder, { recursive: true }));

function verify(file: string, heads: string | undefined, ...options: readonly string[]) {
  writeFileSync(join(folder, 'audit'), file);
  if (heads !== undefined) writeFileSync(join(folder, 'heads'), heads);
  const given = heads === undefined ? [] : ['--heads', join(folder, 'heads')];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['scripts/verify-audit.mjs', '--file', join(folder, 'audit'), ...given, ...options],
    { encoding: 'utf8' },
  );
  return { status, text: `${stdout}${stderr}` };
}

describe('a whole log', () => {
  it('is found whole, with its end to keep', () => {
    const { status, text } = verify(
      csvOf(acorn),
      lineOf(headOf(acorn, 3)) + lineOf(headOf(birch), headOf(acorn)),
    );
    expect(text).toContain('org_acorn-1 is whole: 8 rows, 2 logged ends.');
    expect(text).toContain(headOf(acorn));
    expect(status).toBe(0);
  });

  it('is not looked at where the command is wrong, which it says', () => {
    const { status, text } = verify(csvOf(acorn), undefined, '--head', 'x');
    expect(text).toMatch(/^Unknown option '--head'[\s\S]*npm run verify-audit/);
    expect(text).not.toContain('    at ');
    expect(status).toBe(2);
  });

  it('may have grown since its end was logged', () => {
    expect(verify(csvOf(acorn), lineOf(headOf(acorn, 6)))).toMatchObject({ status: 0 });
  });

  it('is taken from the database too, with those of others', () => {
    const results = [...acorn, ...birch].map((row) => ({
      sequence: row.sequence,
      at: row.at,
      actor: row.actor,
      action: row.action,
      subject: row.subject,
      detail: row.detail,
      source: row.source,
      hash: row.hash,
      organisation_id: row.organisationId,
      actor_id: row.actorId,
      request_id: row.requestId,
      previous_hash: row.previousHash,
    }));
    const file = JSON.stringify([{ results, success: true }]);
    const { status, text } = verify(file, lineOf(headOf(acorn), headOf(birch)), '--all');
    expect(text.match(/is whole: 8 rows, 1 logged ends/g)).toHaveLength(2);
    expect(status).toBe(0);
  });
});

const numbered = (row: AuditRow, sequence: number): AuditRow => ({ ...row, sequence });

type Fault = readonly [name: string, plant: (rows: AuditRow[]) => readonly AuditRow[], told: RegExp];

const at = (rows: readonly AuditRow[], index: number): AuditRow => {
  const row = rows[index];
  if (row === undefined) throw new Error('no row');
  return row;
};

/** Every column but the sequence and the hashes, which have faults of their own below. */
const EDITS = [
  ['actor', 'eve@example.com'],
  ['actorId', 'dev_9'],
  ['action', 'member.remove'],
  ['subject', 'dev_9'],
  ['detail', '{}'],
  ['source', '203.0.113.9'],
  ['requestId', 'x'],
  ['at', 1],
] as const;

const FAULTS: readonly Fault[] = [
  ...EDITS.flatMap(([column, value]) =>
    [0, 4, 7].map(
      (index): Fault => [
        `row ${index + 1} with another ${column}`,
        (rows) => rows.with(index, { ...at(rows, index), [column]: value }),
        new RegExp(`row ${index + 1} was changed`),
      ],
    ),
  ),
  ...[0, 3, 6].map(
    (index): Fault => [
      `row ${index + 1} removed`,
      (rows) => rows.toSpliced(index, 1),
      new RegExp(`row ${index + 1} is missing`),
    ],
  ),
  [
    'row 3 removed and the later ones numbered anew',
    (rows) => [...rows.slice(0, 2), ...rows.slice(3).map((row) => numbered(row, row.sequence - 1))],
    /row 3 does not follow row 2/,
  ],
  ['rows 4 and 5 swapped', (rows) => rows.with(3, at(rows, 4)).with(4, at(rows, 3)), /row 4 is missing/],
  [
    'rows 4 and 5 swapped, each with the other’s number',
    (rows) => rows.with(3, numbered(at(rows, 4), 4)).with(4, numbered(at(rows, 3), 5)),
    /row 4 does not follow row 3/,
  ],
  ['row 2 twice', (rows) => rows.toSpliced(2, 0, at(rows, 1)), /row 3 is missing/],
  ['the last row cut off', (rows) => rows.slice(0, -1), /row(s)? 8 to 8 are missing: row 8 was logged/],
  ['the last three rows cut off', (rows) => rows.slice(0, -3), /rows 6 to 8 are missing/],
];

describe('a planted fault is found', () => {
  it.each(FAULTS)('%s', async (_name, plant, told) => {
    const heads = findHeads(lineOf(headOf(acorn)));
    const { lines, refusal } = await reportLogs(csvOf(plant([...acorn])), { heads, isWhole: false });
    expect(lines.join('\n')).toMatch(told);
    expect(refusal?.exitCode).toBe(1);
  });

  it('by the command too', () => {
    const { status, text } = verify(csvOf(acorn.toSpliced(2, 1)), lineOf(headOf(acorn)));
    expect(text).toMatch(/row 3 is missing[\s\S]*1 of 1 audit logs are broken/);
    expect(status).toBe(1);
  });

  it('a log made anew from an edited row on, every hash right', async () => {
    const anew = await makeLog('org_acorn-1', (n) => (n === 4 ? { actor: 'eve@example.com' } : {}));
    expect(verify(csvOf(anew), undefined)).toMatchObject({ status: 0 });
    const { status, text } = verify(csvOf(anew), lineOf(headOf(acorn, 6)));
    expect(text).toContain('row 6 or one before it was made anew');
    expect(status).toBe(1);
  });

  it('a log that is gone whole', () => {
    const { status, text } = verify(csvOf(acorn), lineOf(headOf(acorn), headOf(birch)), '--all');
    expect(text).toContain('org_birch_2 is broken: rows 1 to 8 are missing');
    expect(status).toBe(1);
  });

  it('a time that is not the one hashed', () => {
    const file = csvOf(acorn).replace(/2026-11-\d\dT/, '2025-01-01T');
    expect(verify(file, undefined)).toMatchObject({ status: 1, text: expect.stringContaining('record 1') });
  });

  it('a cell more, a column less, a file broken off, a file of something else', async () => {
    const [head = ''] = csvOf(acorn).split('\r\n');
    for (const file of [
      csvOf(acorn).replace(/\r\n$/, ',x\r\n'),
      csvOf(acorn).replace(head, head.replace(',hash', '')),
      csvOf(acorn).slice(0, -20),
      renderCsvLine(['no', 'audit']),
      '[{"results": 1}]',
      '',
    ]) {
      const { refusal } = await reportLogs(file, { heads: [], isWhole: false });
      expect(refusal?.exitCode).toBe(1);
    }
  });
});

describe('the operators’ own audit', () => {
  let whole: OperatorAction[];
  beforeAll(async () => {
    whole = await operatorActions(4);
  });

  /** Follows the audit of a bank that has these rows. */
  async function verifyBank(rows: readonly OperatorAction[], heads: string) {
    const actions = rows.map(({ requestId, previousHash, ...row }) => ({
      ...row,
      request_id: requestId,
      previous_hash: previousHash,
    }));
    const bank = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ actions }));
    });
    await once(bank.listen(0), 'listening');
    writeFileSync(join(folder, 'heads'), heads);
    const url = `http://localhost:${(bank.address() as AddressInfo).port}`;
    const run = spawn(process.execPath, [
      'scripts/verify-audit.mjs',
      '--base-url',
      url,
      '--key',
      'ok_test',
      '--heads',
      join(folder, 'heads'),
    ]);
    const [out, err, [status]] = await Promise.all([
      textOf(run.stdout),
      textOf(run.stderr),
      once(run, 'close'),
    ]);
    bank.close();
    return { status, text: `${out}${err}` };
  }

  const endOf = (sequence: number) => `operators:${sequence}:${whole[sequence - 1]?.hash}`;

  it('is found whole, whatever organisations’ ends stand beside its own', async () => {
    const heads = lineOf(endOf(2)) + lineOf(headOf(acorn)) + lineOf(endOf(4));
    const verified = await verifyBank(whole, heads);
    expect(verified.text).toContain('The audit is whole: 4 rows, 2 logged ends.');
    expect(verified.status).toBe(0);
  });

  it('is found cut off after its last logged end', async () => {
    const verified = await verifyBank(whole.slice(0, 3), lineOf(endOf(2)) + lineOf(endOf(4)));
    expect(verified.text).toContain(`The audit does not hold 4:${whole[3]?.hash}: rows were cut off`);
    expect(verified.status).toBe(1);
  });

  it('is no organisation whose log is gone', () => {
    expect(verify(csvOf(acorn), lineOf(headOf(acorn), endOf(4)), '--all')).toMatchObject({ status: 0 });
  });
});
