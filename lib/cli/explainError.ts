/** Codes of ClickHouse for a database or table that is not there. */
const NOT_MIGRATED = /\b(UNKNOWN_DATABASE|UNKNOWN_TABLE)\b|Code: (81|60)\b/;

/** The message of an error, with the command that helps where the database has not been set up yet. */
export function explainError(error: unknown): string {
  const message = (error instanceof Error ? error.message : String(error)).trim();
  if (!NOT_MIGRATED.test(`${codeOf(error)} ${message}`)) return message;
  return `${message}\nThe database has not been set up, or not by this version: run npm run migrate, then this again.`;
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const code = 'type' in error ? String(error.type) : '';
  return `${code} ${codeOf(error.cause)}`;
}
