/** Tables as comma-separated text that a spreadsheet opens and never runs. Source: RFC 4180; OWASP, CSV Injection. */

/** What makes a spreadsheet read a cell as a formula; and the apostrophe itself, so that each cell has one meaning. */
const ACTIVE = /^[=+\-@\t\r\n']/;

/** A cell whose text a spreadsheet shows: one that could be a formula has an apostrophe before it. */
function renderCell(value: string | number): string {
  const text = typeof value === 'number' ? String(value) : value.replace(ACTIVE, "'$&");
  // A semicolon or tab too: in some countries it is what a spreadsheet takes for the comma.
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One record with its line end. Numbers stay numbers. */
export function renderCsvLine(cells: readonly (string | number)[]): string {
  return `${cells.map(renderCell).join(',')}\r\n`;
}

/** The records of what `renderCsvLine` wrote, each cell as it was; undefined where the text ends within a quoted cell. */
export function parseCsv(text: string): readonly (readonly string[])[] | undefined {
  const records: string[][] = [];
  // A cell, quoted or not, and what ends it; the empty match at the very end is no cell.
  const cells = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  let record: string[] = [];
  while (cells.lastIndex < text.length) {
    const match = cells.exec(text);
    if (match === null) return undefined;
    const [, quoted, plain = '', end] = match;
    record.push((quoted === undefined ? plain : quoted.replaceAll('""', '"')).replace(/^'/, ''));
    if (end === ',' && cells.lastIndex < text.length) continue;
    if (end === ',') record.push('');
    records.push(record);
    record = [];
  }
  return records;
}
