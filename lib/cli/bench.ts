import { parseArgs } from 'node:util';
import { measurePanels, type PanelFigures } from '@/clickhouse/bench/measurePanels';
import { targetsToEnv } from '@/lib/server/env';
import { withTargets } from './engines/withTargets';

const usage = `Usage: npm run bench [-- --rounds N] [--json]

Measures the Overview's questions over four ranges against the running dashboard's ClickHouse, as the server answers them, and
SELECT 1 through the same client in the same run. Ratios hold on any machine; milliseconds only on this one.

  --rounds N   answers per question and range (default 20)
  --json       print the figures as JSON
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { rounds: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const rounds = Number(values.rounds ?? 20);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 1_000) {
    process.stderr.write(`--rounds is "${values.rounds}": give a number from 1 to 1000.\n`);
    return 2;
  }
  return withTargets(async (targets) => {
    Object.assign(process.env, targetsToEnv(targets));
    const figures = await measurePanels(rounds, (text) => process.stderr.write(`  … ${text}\n`));
    process.stdout.write(values.json ? `${JSON.stringify(figures)}\n` : `${lines(figures).join('\n')}\n`);
    return 0;
  });
}

function lines(figures: PanelFigures[]): string[] {
  const one = figures[0]?.p50 ?? 1;
  const cell = (value: number) => (value >= 100 ? value.toFixed(0) : value.toFixed(1));
  return [
    '| Question | Range | p50 ms | p95 ms | p95 / SELECT 1 p50 | rows read | table |',
    '|---|---|---:|---:|---:|---:|---|',
    ...figures.map(
      ({ question, range, p50, p95, rowsRead, table }) =>
        `| ${question} | ${range} | ${cell(p50)} | ${cell(p95)} | ${cell(p95 / one)} | ${rowsRead.toLocaleString('en-US')} | ${table} |`,
    ),
  ];
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
