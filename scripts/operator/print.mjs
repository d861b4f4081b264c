/** Answers of the operator API as a person reads them: lists as tables, things as names and values. */

function wordsOf(value) {
  if (value === null || value === undefined) return '-';
  if (Array.isArray(value) && value.every((each) => typeof each !== 'object')) return value.join(' ') || '-';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Control characters of what others wrote must not reach the terminal. */
function shown(value) {
  return wordsOf(value).replace(/[\p{C}]/gu, '?');
}

function printTable(rows, write) {
  if (rows.length === 0) {
    write('none');
    return;
  }
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = rows.map((row) => names.map((name) => shown(row[name])));
  const widths = names.map((name, index) =>
    Math.max(name.length, ...cells.map((row) => row[index]?.length ?? 0)),
  );
  for (const row of [names, ...cells]) {
    write(
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
}

/** Prints an answer line by line through `write`. */
export function printAnswer(answer, write) {
  const entries = Object.entries(answer);
  const width = Math.max(...entries.map(([name]) => name.length));
  for (const [name, value] of entries) {
    const isTable = Array.isArray(value) && value.some((each) => typeof each === 'object');
    if (isTable || (Array.isArray(value) && entries.length === 1)) {
      if (entries.length > 1) write(`\n${name}`);
      printTable(value, write);
    } else {
      write(`${name.padEnd(width)}  ${shown(value)}`);
    }
  }
}
