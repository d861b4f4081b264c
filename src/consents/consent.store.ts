/** The projection of consents in D1: written by each consent's object, read for lists. */
import { and, desc, eq, gt, inArray, lt, lte, ne, or, type SQL, sql } from 'drizzle-orm';
import { consentsTable } from '#consents/consent.table.ts';
import { CONSENT_CAP_SECONDS, type Consent } from '#consents/consent.ts';
import { toConsentEnd } from '#consents/consent-end.statements.ts';
import { paymentConsentEndsTable } from '#consents/consent-end.table.ts';
import type { ConsentEnd } from '#consents/consent-end.ts';
import type { Database } from '#edge/database.ts';
import type { CursorPosition } from '#kernel/cursor.ts';

/** Writes the row of a consent, unless a newer version of it stands there: late and repeated pushes are no matter. */
export async function projectConsent(database: Database, consent: Consent): Promise<void> {
  const { tenantId = null, customerId = null, status, statusUpdatedAt, version } = consent;
  const document = JSON.stringify(consent);
  const changing = { tenantId, customerId, status, statusUpdatedAt, version, document };
  await database
    .insert(consentsTable)
    .values({
      ...consent,
      ...changing,
      consentType: consent.type,
      expiresAt: consent.request.expiresAt,
    })
    .onConflictDoUpdate({
      target: consentsTable.consentId,
      set: changing,
      setWhere: lt(consentsTable.version, version),
    });
}

/** A place in a list: creation and id of a row. */
export interface ConsentPosition {
  readonly createdAt: number;
  readonly consentId: string;
}

export interface ConsentPageQuery {
  readonly clientId: string;
  readonly limit: number;
  /** Rows beyond this one, older (`next`) or newer; undefined: the newest rows. */
  readonly position: CursorPosition | undefined;
}

/** A consent as its object pushed it last, and its end in D1, which is right. */
export interface ConsentRow {
  readonly consent: Consent;
  readonly end: ConsentEnd | undefined;
}

/** Documents with the ends beside them, for `toConsentRow`. */
function selectRows(database: Database) {
  return database
    .select({ document: consentsTable.document, end: paymentConsentEndsTable })
    .from(consentsTable)
    .leftJoin(paymentConsentEndsTable, eq(paymentConsentEndsTable.consentId, consentsTable.consentId));
}

type FoundRow = Awaited<ReturnType<typeof selectRows>>[number];

function toConsentRow({ document, end }: FoundRow): ConsentRow {
  return { consent: JSON.parse(document) as Consent, end: toConsentEnd(end) };
}

/** The statement of one page; newer pages come oldest first. */
export function consentPageStatement(database: Database, { clientId, limit, position }: ConsentPageQuery) {
  const { createdAt, consentId } = consentsTable;
  const isNewer = position?.direction === 'prev';
  const bound =
    position &&
    sql`(${createdAt}, ${consentId}) ${isNewer ? sql`>` : sql`<`} (${position.createdAt}, ${position.id})`;
  return selectRows(database)
    .where(and(eq(consentsTable.clientId, clientId), bound))
    .orderBy(...(isNewer ? [createdAt, consentId] : [desc(createdAt), desc(consentId)]))
    .limit(limit);
}

/** A page of consents, each as its object pushed it, and how payment consents among them ended. */
export async function readConsentPage(
  database: Database,
  query: ConsentPageQuery,
): Promise<readonly ConsentRow[]> {
  const rows = await consentPageStatement(database, query);
  return rows.map(toConsentRow);
}

/** One consent as its object pushed it last, and its end in D1; undefined where no object ever pushed it. */
export async function readConsentRow(database: Database, consentId: string): Promise<ConsentRow | undefined> {
  const [row] = await selectRows(database).where(eq(consentsTable.consentId, consentId));
  return row === undefined ? undefined : toConsentRow(row);
}

/** Part of an organisation's consents that are not over, by creation; bounds are epoch seconds, both included. */
export interface LiveConsentQuery {
  readonly organisationId: string;
  readonly createdFrom: number;
  readonly createdTo: number;
  readonly limit: number;
  /** Rows after this one. */
  readonly beyond?: ConsentPosition | undefined;
}

/** The statement of what an organisation has awaiting or authorized, oldest first. */
export function liveConsentsStatement(database: Database, query: LiveConsentQuery) {
  const { createdAt, consentId, organisationId, status } = consentsTable;
  const { createdAt: afterAt, consentId: afterId } = query.beyond ?? {
    // No id sorts before the empty one.
    createdAt: query.createdFrom,
    consentId: '',
  };
  return database
    .select({ createdAt, consentId })
    .from(consentsTable)
    .where(
      and(
        eq(organisationId, query.organisationId),
        sql`(${createdAt}, ${consentId}) > (${afterAt}, ${afterId})`,
        lte(createdAt, query.createdTo),
        inArray(status, ['awaiting_authorization', 'authorized']),
      ),
    )
    .orderBy(createdAt, consentId)
    .limit(query.limit);
}

export async function readLiveConsents(
  database: Database,
  query: LiveConsentQuery,
): Promise<readonly ConsentPosition[]> {
  return await liveConsentsStatement(database, query);
}

/** Which of a customer's consents: those that open something now, the others, or all to make payments. */
export type CustomerPart = 'live' | 'past' | 'payments';

export interface CustomerConsentsQuery {
  readonly tenantId: string;
  readonly customerId: string;
  readonly part: CustomerPart;
  readonly now: number;
  readonly limit: number;
  /** Id of the consent after which to go on; absent: the newest. */
  readonly after?: string | undefined;
}

function isInPart(part: CustomerPart, now: number): SQL | undefined {
  const { consentType, status, createdAt, expiresAt } = consentsTable;
  if (part === 'payments') return eq(consentType, 'payment');
  if (part === 'past') {
    return and(ne(consentType, 'payment'), or(ne(status, 'authorized'), lte(expiresAt, now)));
  }
  // Whatever is older is over: no consent lives longer.
  return and(eq(status, 'authorized'), gt(expiresAt, now), gt(createdAt, now - CONSENT_CAP_SECONDS));
}

/** A customer's own consents, newest first: those that this very customer decided. */
export async function readCustomerConsents(
  database: Database,
  query: CustomerConsentsQuery,
): Promise<readonly ConsentRow[]> {
  const { tenantId, customerId, createdAt } = consentsTable;
  // The index ends in the rowid, which puts consents of the same second in order.
  const place = sql`(${createdAt}, ${consentsTable}.rowid)`;
  const beyond =
    query.after === undefined
      ? undefined
      : sql`${place} < (SELECT created_at, rowid FROM consents WHERE consent_id = ${query.after})`;
  const rows = await selectRows(database)
    .where(
      and(
        eq(tenantId, query.tenantId),
        eq(customerId, query.customerId),
        isInPart(query.part, query.now),
        beyond,
      ),
    )
    .orderBy(desc(createdAt), sql`${consentsTable}.rowid DESC`)
    .limit(query.limit);
  return rows.map(toConsentRow);
}
