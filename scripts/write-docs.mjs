/** Writes the documents that come from tables of the code: docs/errors.md and docs/permissions.md. */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ERROR_GUIDE } from '#kernel/error-guide.ts';
import { PERMISSION_WORDS } from '../src/consents/permissions.ts';
import { ERRORS } from '../src/kernel/errors.ts';

const DOCS = join(dirname(dirname(fileURLToPath(import.meta.url))), 'docs');

const STATUS_WORDS = {
  400: 'The request is wrong',
  401: 'The caller is not known, or no longer',
  403: 'The caller may not do this',
  404: 'There is nothing there',
  405: 'The method is wrong',
  409: 'It happened already, or something else happened first',
  413: 'The body is too large',
  415: 'The content type is wrong',
  422: 'The bank cannot do what was asked',
  429: 'Too many requests',
  500: 'A fault at the bank',
  503: 'The bank cannot answer right now',
};

function errorSection(status, entries) {
  const parts = entries.map(
    ([code, { message }]) => `### ${code}

${message}

- **When:** ${ERROR_GUIDE[code].when}
- **What to do:** ${ERROR_GUIDE[code].remedy}`,
  );
  return `## ${status}: ${STATUS_WORDS[status]}\n\n${parts.join('\n\n')}`;
}

function errorsDocument() {
  const byStatus = Map.groupBy(Object.entries(ERRORS), ([, { status }]) => status);
  const sections = [...byStatus]
    .toSorted(([left], [right]) => left - right)
    .map(([status, entries]) => errorSection(status, entries));
  return `# Errors

Every error has a code that programs can rely on, a message for people, and the id of the request.

\`\`\`json
{
  "code": "invalid_request",
  "message": "Check these members: permissions.0.",
  "request_id": "0c8e8f1e-6ad2-4d0f-8a3c-7d3b2f5d9c11",
  "errors": [
    { "field": "permissions.0", "code": "invalid", "message": "is not of the right type or not one of the allowed values" }
  ]
}
\`\`\`

\`errors\` is there when single members are wrong. \`request_id\` is also the \`x-fapi-interaction-id\` header of the answer; tell us this id when you write to us. Messages may change; codes do not.

Answers of \`/oauth/...\` and \`/register\` carry the same as OAuth names it too: \`error\` (the code) and \`error_description\` (the message). There a code whose status is 403 below is answered with 400, as RFC 6749 has it; \`insufficient_scope\` stays 403.

A 401 carries \`WWW-Authenticate\`, a 405 \`Allow\`, a 429 and a 503 \`Retry-After\` in seconds.

When several things are wrong with one call, you are told the first in this order: path and method, token, client, rate limit, consent in the token, \`X-Consent-ID\`, type of the consent, scope, state of the consent, permission, body and query, resource.

${sections.join('\n\n')}
`;
}

/** To the developer: the calls that each permission opens. */
const OPENS = {
  ReadAccounts: 'GET /accounts and GET /accounts/{account_id}',
  ReadBalances: 'GET /balances, GET /accounts/{account_id}/balances, and running_balance of transactions',
  ReadTransactions: 'GET /transactions and GET /accounts/{account_id}/transactions',
};

function permissionsDocument() {
  const rows = Object.keys(PERMISSION_WORDS).map((permission) => {
    const opens = OPENS[permission];
    if (opens === undefined) throw new Error(`what ${permission} opens is not written`);
    return `| \`${permission}\` | ${opens} |`;
  });
  const words = Object.entries(PERMISSION_WORDS).map(
    ([permission, { group, sentence }]) => `| \`${permission}\` | **${group}.** ${sentence} |`,
  );
  return `# Permissions

A consent of type \`account-access\` names the permissions it asks for. Ask for what your software needs and no more: the customer reads each of them.

## What each permission opens

| Permission | Opens |
|---|---|
${rows.join('\n')}

Each permission may stand alone. A call whose permission the consent lacks is answered with 403 \`permission_denied\`. Any other permission in a consent is answered with 400 \`invalid_request\`, whose \`errors\` name it.

The scope of the access token counts too: \`accounts\` for accounts and balances, \`transactions\` for transactions. Without the scope the answer is 403 \`insufficient_scope\`.

## What your customers read

| Permission | Words on the consent page |
|---|---|
${words.join('\n')}

The consent page shows your software and your organisation as your software statement names them, the accounts to choose from, the period of the transactions (all that we hold, where you set none), and the day the consent ends.
`;
}

/** The documents by name, as they must stand in docs/. */
export function writtenDocuments() {
  return { errors: errorsDocument(), permissions: permissionsDocument() };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const [name, text] of Object.entries(writtenDocuments()))
    writeFileSync(join(DOCS, `${name}.md`), text);
}
