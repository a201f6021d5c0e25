import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { parseFlows } from '@/clickhouse/bench/data/identity';
import { measureOverview, type OverviewFigures } from '@/clickhouse/bench/overview';
import { judge } from '@/clickhouse/bench/report/judge';
import { report } from '@/clickhouse/bench/report/report';
import { type BenchResult, writeJson } from '@/clickhouse/bench/run';
import { targetsToEnv } from '@/lib/server/env';
import { runBenchHere } from './bench/runBenchHere';
import { withTargets } from './engines/withTargets';

const usage = `Usage: npm run bench -- --flows 10M|100M [--peers] [--rounds N] [--json FILE] [--against FILE] [--fresh]
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

Without --flows: the Overview's questions over four ranges against the running dashboard's ClickHouse.
`;

/** Above this many flows the peers are filled on demand only. */
const PEERS_UP_TO = 10_000_000;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      flows: { type: 'string' },
      peers: { type: 'boolean' },
      'without-peers': { type: 'boolean' },
      ingest: { type: 'string' },
      rounds: { type: 'string' },
      json: { type: 'string' },
      against: { type: 'string' },
      fresh: { type: 'boolean' },
      help: { type: 'boolean' },
    },
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
  if (values.flows === undefined) return overview(rounds);

  const flows = parseFlows(values.flows);
  const smaller =
    values.against === undefined ? null : (JSON.parse(await readFile(values.against, 'utf8')) as BenchResult);
  const result = await runBenchHere({
    flows,
    rounds,
    peers: values['without-peers'] !== true && (flows <= PEERS_UP_TO || values.peers === true),
    ingestRecords: Math.min(flows, parseFlows(values.ingest ?? '1M', '--ingest')),
    fresh: values.fresh === true,
  });
  if (result === null) return 130;
  process.stdout.write(`${report(result, smaller)}\n`);
  if (values.json !== undefined) await writeJson(values.json, { ...result, bars: judge(result, smaller) });
  return result.failures.length === 0 ? 0 : 1;
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
