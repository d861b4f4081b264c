/** Routes of the audit log: the page, and the whole log as CSV. */
import type { Hono } from 'hono';
import { AUDIT_ACTIONS, type AuditAction } from '#developers/audit.ts';
import { AUDIT, type AuditFilter, AuditView } from '#developers/audit.view.tsx';
import { auditCsvHead, auditCsvLine } from '#developers/audit-csv.ts';
import { type Answer, answerBoard, type BoardContext, boardOf } from '#developers/board.guard.tsx';
import { type MemberEnv, requireMember } from '#developers/member.guard.tsx';
import { readAuditPage, readWholeAudit } from '#developers/read-audit.flow.ts';
import { PAGE_HEADERS } from '#edge/answer-page.ts';
import { makeRoutes } from '#edge/routes.ts';
import { utf8 } from '#kernel/encoding.ts';
import { parseWholeNumber } from '#kernel/whole-number.ts';

const ROWS_A_PAGE = 50;

function parseAction(text: string | undefined): AuditAction | undefined {
  return text !== undefined && Object.hasOwn(AUDIT_ACTIONS, text) ? (text as AuditAction) : undefined;
}

function parseBefore(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseWholeNumber(text, 1, Number.MAX_SAFE_INTEGER);
}

/** Who is looked for, if anybody: addresses are kept in lower case, beginnings of keys as they are. */
function parseActor(text = ''): string | undefined {
  const actor = text.trim();
  return (actor.includes('@') ? actor.toLowerCase() : actor) || undefined;
}

async function showAudit(c: BoardContext): Promise<Response> {
  const { scope, member } = c.var;
  const filter: AuditFilter = {
    action: parseAction(c.req.query('action')),
    actor: parseActor(c.req.query('actor')),
  };
  const before = parseBefore(c.req.query('before'));
  const page = await readAuditPage(scope, {
    organisationId: member.organisation.organisationId,
    ...filter,
    before,
    limit: ROWS_A_PAGE,
  });
  return answerBoard(
    c,
    <AuditView {...boardOf(c)} page={page} filter={filter} isFirst={before === undefined} />,
  );
}

/** In pieces, so that a long log fits the memory; a failure on the way breaks the download off, it never ends it early. */
function sendAudit(c: BoardContext): Answer {
  const { scope, member } = c.var;
  const pieces = readWholeAudit(scope, member.organisation.organisationId);
  const file = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(utf8(auditCsvHead())),
    pull: async (controller) => {
      const { value: rows, done } = await pieces.next();
      if (done === true) controller.close();
      else controller.enqueue(utf8(rows.map(auditCsvLine).join('')));
    },
  });
  for (const [name, value] of Object.entries(PAGE_HEADERS)) c.header(name, value);
  c.header('Content-Type', 'text/csv; charset=utf-8; header=present');
  c.header('Content-Disposition', 'attachment; filename="audit.csv"');
  return c.body(file);
}

export function auditPages(): Hono<MemberEnv> {
  const pages = makeRoutes<MemberEnv>();
  pages.get(AUDIT, requireMember('audit.read'), showAudit);
  pages.get(`${AUDIT}.csv`, requireMember('audit.read'), sendAudit);
  return pages;
}
