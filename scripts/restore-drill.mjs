/**
 * `npm run restore-drill`: practises a restore of the database on this machine (docs/operations.md). A bank of its own is
 * made, its tables are kept as of a minute, the bank goes on and is then broken; after the restore every table has the
 * digest it had, the ledger's sums agree, and the API answers as before.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { authorizeConsent, registerClient } from './bench/client.mjs';
import { API_KEY, prepareDatabase } from './bench/database.mjs';
import { startRuntime } from './bench/runtime.mjs';
import { bundleWorker } from './bundle.mjs';
import { prepareFiles } from './prepare.mjs';

/** Rows written together: a batch of D1 is one transaction. */
const ROWS_A_BATCH = 500;
/** Figures, calls for the request log and consents' rows are written up to six seconds after the answer. */
const STILL_MS = 8_000;

const PAYMENT = {
  type: 'domestic',
  instructed_amount: { amount: '12.34', currency: 'GBP' },
  creditor: { name: 'Acorn Stores Ltd', account: { scheme: 'SortCodeAccountNumber', id: '200000-55779911' } },
  end_to_end_id: 'DRILL',
};

const UNBALANCED = `SELECT count(*) AS n FROM (SELECT 1 FROM transactions WHERE status = 'booked'
  GROUP BY tenant_id, journal_id, currency HAVING sum(amount_minor) <> 0)`;

async function tablesOf(database) {
  const { results } = await database
    .prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_cf*' AND name NOT GLOB 'sqlite*' ORDER BY name",
    )
    .all();
  return results.map(({ name }) => name);
}

/** All rows of all tables, in an order that does not depend on where they lie. */
async function copyOf(database) {
  const tables = {};
  for (const name of await tablesOf(database)) {
    const { results } = await database.prepare(`SELECT * FROM "${name}"`).all();
    tables[name] = results.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  return tables;
}

function digestsOf(copy) {
  const digest = (rows) => createHash('sha256').update(JSON.stringify(rows)).digest('hex').slice(0, 16);
  return Object.fromEntries(Object.entries(copy).map(([name, rows]) => [name, digest(rows)]));
}

/** A copy once nothing is written any more: what comes after the answers would come after the restore too. */
async function copyOfStill(database) {
  let copy = await copyOf(database);
  for (;;) {
    await wait(STILL_MS);
    const next = await copyOf(database);
    if (JSON.stringify(next) === JSON.stringify(copy)) return copy;
    copy = next;
  }
}

/** Puts a copy in the place of what is there. Triggers rest meanwhile: they guard what happens, not what happened. */
async function restore(database, copy) {
  const { results: triggers } = await database
    .prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    .all();
  for (const { name } of triggers) await database.prepare(`DROP TRIGGER "${name}"`).run();
  const statements = [database.prepare('PRAGMA defer_foreign_keys = true')];
  for (const name of Object.keys(copy)) statements.push(database.prepare(`DELETE FROM "${name}"`));
  for (const [name, rows] of Object.entries(copy)) {
    const columns = Object.keys(rows[0] ?? {});
    const list = columns.map((column) => `"${column}"`).join(', ');
    const values = columns.map((column) => `value ->> '$.${column}'`).join(', ');
    for (let from = 0; from < rows.length; from += ROWS_A_BATCH) {
      statements.push(
        database
          .prepare(`INSERT INTO "${name}" (${list}) SELECT ${values} FROM json_each(?1)`)
          .bind(JSON.stringify(rows.slice(from, from + ROWS_A_BATCH))),
      );
    }
  }
  await database.batch(statements);
  for (const { sql } of triggers) await database.prepare(sql).run();
}

async function pay(runtime, client) {
  const asked = { consent_type: 'payment', payment: PAYMENT };
  const grant = await authorizeConsent(runtime, client, API_KEY, {
    asked,
    scope: 'openid payments',
    accounts: ['acc_1234567890'],
  });
  const answer = await runtime.send({
    method: 'POST',
    path: '/open-banking/v1/payments',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${grant.accessToken}`,
      'x-consent-id': grant.consentId,
      'idempotency-key': randomUUID(),
    },
    body: JSON.stringify({ payment: PAYMENT }),
  });
  if (answer.status !== 201) throw new Error(`a payment answered ${answer.status}: ${answer.text}`);
}

async function drill(directory) {
  await prepareFiles();
  const { file } = bundleWorker({ directory });
  const runtime = await startRuntime({ bundle: file, vars: { RATE_LIMIT_PER_MINUTE: '1000000' } });
  try {
    const database = await runtime.database();
    await prepareDatabase(database);
    const client = await registerClient(runtime, API_KEY, ['AISP', 'PISP', 'CBPII']);
    const reading = await authorizeConsent(runtime, client, API_KEY);
    for (let n = 0; n < 3; n += 1) await pay(runtime, client);
    const balances = () =>
      runtime.send({
        path: '/open-banking/v1/transactions?limit=5',
        headers: { authorization: `Bearer ${reading.accessToken}`, 'x-consent-id': reading.consentId },
      });
    const before = (await balances()).text;
    const kept = await copyOfStill(database);
    const digests = digestsOf(kept);
    console.log(`Kept ${Object.keys(kept).length} tables, ${Object.values(kept).flat().length} rows`);

    for (let n = 0; n < 2; n += 1) await pay(runtime, client);
    await database.prepare('UPDATE accounts SET nickname = ?1').bind('broken').run();
    await database.prepare('DELETE FROM account_holders').run();
    const broken = digestsOf(await copyOfStill(database));
    const harmed = Object.keys(digests).filter((name) => broken[name] !== digests[name]);
    console.log(`Two payments later, and broken: ${harmed.join(', ')}`);

    await restore(database, kept);
    const restored = digestsOf(await copyOf(database));
    const faults = Object.keys(digests).filter((name) => restored[name] !== digests[name]);
    for (const [name, digest] of Object.entries(restored)) {
      console.log(`  ${faults.includes(name) ? 'DIFFERS' : 'same   '} ${digest} ${name}`);
    }
    if ((await database.prepare(UNBALANCED).first()).n !== 0) faults.push('the ledger does not come to zero');
    if ((await balances()).text !== before) faults.push('the API answers otherwise than before');
    await pay(runtime, client);
    console.log(
      faults.length === 0 ? 'Restored: every digest, the ledger and the API agree' : faults.join('; '),
    );
    if (faults.length > 0 || harmed.length === 0) process.exitCode = 1;
  } finally {
    await runtime.stop();
  }
}

const directory = mkdtempSync(join(tmpdir(), 'restore-drill-'));
try {
  await drill(directory);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
