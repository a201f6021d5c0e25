/**
 * Splits a migration file into its statements, comments removed: at each `;` outside of quotes, and around each
 * `{{distributed …}}`, which stands for a statement of its own on a cluster and for nothing on a single node.
 * Works on the source and not on the rendered text, so that both variants count the same statements.
 */
export function splitStatements(source: string): string[] {
  const statements: string[] = [];
  let current = '';
  const finish = () => {
    const statement = current.trim();
    if (statement !== '') statements.push(statement);
    current = '';
  };

  let at = 0;
  while (at < source.length) {
    const rest = source.slice(at, at + 2);
    const char = source.charAt(at);
    if (rest === '--') {
      at = endOr(source.indexOf('\n', at), source.length);
    } else if (rest === '/*') {
      at = endOr(source.indexOf('*/', at + 2), source.length - 2) + 2;
      current += ' ';
    } else if (char === "'" || char === '"' || char === '`') {
      const end = endOfQuoted(source, at);
      current += source.slice(at, end);
      at = end;
    } else if (source.startsWith('{{distributed ', at)) {
      finish();
      const end = endOr(source.indexOf('}}', at), source.length - 2) + 2;
      current = source.slice(at, end);
      finish();
      at = end;
    } else if (char === ';') {
      finish();
      at += 1;
    } else {
      current += char;
      at += 1;
    }
  }
  finish();
  return statements;
}

/** Index behind the closing quote; ClickHouse escapes by a backslash or by doubling. */
function endOfQuoted(source: string, start: number): number {
  const quote = source.charAt(start);
  let at = start + 1;
  while (at < source.length) {
    const char = source.charAt(at);
    if (char === '\\') at += 2;
    else if (char !== quote) at += 1;
    else if (source.charAt(at + 1) === quote) at += 2;
    else return at + 1;
  }
  return source.length;
}

function endOr(index: number, otherwise: number): number {
  return index === -1 ? otherwise : index;
}
