import { readFile } from 'node:fs/promises';
import { measureOverview, type OverviewFigures } from '@/clickhouse/bench/overview';
import { browserReport } from '@/clickhouse/bench/report/browserReport';
import { judge } from '@/clickhouse/bench/report/judge';
import { judgeBrowser } from '@/clickhouse/bench/report/judgeBrowser';
import { report } from '@/clickhouse/bench/report/report';
import { type BenchResult, writeJson } from '@/clickhouse/bench/run';
import { targetsToEnv } from '@/lib/server/env';
import { type BenchAsked, readBenchOptions } from './bench/options';
import { runBenchHere } from './bench/runBenchHere';
import { withTargets } from './engines/withTargets';

const usage = `Usage: npm run bench -- --flows 10M|100M [--peers] [--rounds N] [--json FILE] [--against FILE] [--fresh]
       npm run bench -- --browser [--rounds N] [--json FILE] [--fresh]
       npm run bench [-- --rounds N]

With --flows: makes a calendar quarter of flows in an engine of its own (folder bench-10M of the data folder, kept for the next run and
resumed where it was stopped), then measures every question, the same questions to two other ways of keeping the same rows (raw, and a wide
rollup of sums), the error of distinct counts, storage, and ingest. Each figure stands beside the bar it is held to.
A missed bar is a result (exit 0); exit 1 means that something did not work or that a comparison is void.

  --flows N      how many: 300k, 10M, 100M
  --peers        compare with the peers above 10M too (always done up to 10M; they fill slowly)
  --without-peers  do not; their bars are left out
  --ingest N     records for each measurement of ingest (default 1M; a whole file has 300k at most)
  --rounds N     answers per question (default 20; slow questions get fewer)
  --json FILE    also write all figures to FILE
  --against FILE an earlier --json of fewer flows: says by how much latency grew
  --fresh        make the data anew

With --browser: opens the pages of the production build in a headless Chromium and works with their pictures, on a dashboard, engines and
3 M flows of its own (folder bench-browser). Largest contentful paint, layout shift, scripts, and how long after an input the frame comes
that shows it, each beside its bar and beside a bare page of the same run. Needs Chromium: npx playwright install --with-deps chromium, or CHROMIUM_PATH.

  --rounds N     how often each page is opened and worked with (default 10)
  --json FILE    also write all figures to FILE
  --fresh        make the data anew

Without either: the Overview's questions over four ranges against the running dashboard's ClickHouse.
`;

async function main(): Promise<number> {
  const asked = readBenchOptions(process.argv.slice(2));
  switch (asked.kind) {
    case 'help':
      process.stdout.write(usage);
      return 0;
    case 'overview':
      return overview(asked.rounds);
    case 'flows':
      return flows(asked);
    case 'browser':
      return browser(asked);
  }
}

async function flows(asked: Extract<BenchAsked, { kind: 'flows' }>): Promise<number> {
  const { json, against, ...options } = asked;
  const smaller = against === null ? null : (JSON.parse(await readFile(against, 'utf8')) as BenchResult);
  const result = await runBenchHere(options);
  if (result === null) return 130;
  process.stdout.write(`${report(result, smaller)}\n`);
  if (json !== null) await writeJson(json, { ...result, bars: judge(result, smaller) });
  return result.failures.length === 0 ? 0 : 1;
}

async function browser({ json, ...options }: Extract<BenchAsked, { kind: 'browser' }>): Promise<number> {
  // The browser's driver is for those who work on Weir; the other measurements do without.
  const { runBrowserHere } = await import('./bench/runBrowserHere');
  const result = await runBrowserHere(options);
  if (result === null) return 130;
  process.stdout.write(`${browserReport(result)}\n`);
  if (json !== null) await writeJson(json, { ...result, bars: judgeBrowser(result) });
  return 0;
}

function overview(rounds: number): Promise<number> {
  return withTargets(async (targets) => {
    Object.assign(process.env, targetsToEnv(targets));
    const figures = await measureOverview(rounds, (text) => process.stderr.write(`  … ${text}\n`));
    process.stdout.write(`${lines(figures).join('\n')}\n`);
    return 0;
  });
}

function lines(figures: OverviewFigures[]): string[] {
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
