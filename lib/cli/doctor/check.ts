/** One thing the doctor looked at. */
export interface Finding {
  name: string;
  /** `warn` needs a person but nothing is wrong with what is stored. */
  state: 'ok' | 'warn' | 'fail';
  /** what was seen */
  text: string;
  /** what to do; empty where nothing is wrong */
  fix: string;
}

export const ok = (name: string, text: string): Finding => ({ name, state: 'ok', text, fix: '' });
export const warn = (name: string, text: string, fix: string): Finding => ({
  name,
  state: 'warn',
  text,
  fix,
});
export const fail = (name: string, text: string, fix: string): Finding => ({
  name,
  state: 'fail',
  text,
  fix,
});

/** Runs a check; what it throws is a failure with the given fix, so that one broken part never hides the others. */
export async function examine(
  name: string,
  fix: string,
  look: () => Promise<Finding | Finding[]>,
): Promise<Finding[]> {
  try {
    const found = await look();
    return Array.isArray(found) ? found : [found];
  } catch (error) {
    return [fail(name, error instanceof Error ? error.message : String(error), fix)];
  }
}

/** Whether a Node version such as v20.19.1 is one that package.json's engines name. */
export function nodeIsSupported(version: string): boolean {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24;
}

/** Least ClickHouse version whose features the tables use. */
export const LEAST_CLICKHOUSE = [25, 8] as const;

/** Whether a ClickHouse version such as 26.7.2.1 is new enough. */
export function clickhouseIsSupported(version: string): boolean {
  const [year = 0, month = 0] = version.split('.').map(Number);
  return year > LEAST_CLICKHOUSE[0] || (year === LEAST_CLICKHOUSE[0] && month >= LEAST_CLICKHOUSE[1]);
}

const MARK = { ok: '✓', warn: '!', fail: '✗' } as const;

/** The findings as lines, each failure followed by its fix. */
export function findingLines(findings: readonly Finding[]): string[] {
  const width = Math.max(...findings.map(({ name }) => name.length));
  return findings.flatMap(({ name, state, text, fix }) => [
    `${MARK[state]} ${name.padEnd(width)}  ${text}`,
    ...(fix === '' ? [] : [`  ${' '.repeat(width)}  → ${fix}`]),
  ]);
}
