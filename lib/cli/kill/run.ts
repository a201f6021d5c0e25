import { startTestClickHouse } from '@/clickhouse/testing/testEngine';
import { killRounds } from './killRounds';
import { verifyStored } from './verify';

/**
 * `npx tsx --conditions=react-server lib/cli/kill/run.ts [ROUNDS] [SEED]`: kills an embedded ClickHouse of its own again and again in
 * the middle of imports, and checks that flows and every rollup hold each record exactly once. Exit code 1 when they do not.
 */
const rounds = Number(process.argv[2] ?? 100);
const seed = Number(process.argv[3] ?? 1);
if (!Number.isInteger(rounds) || rounds < 1 || !Number.isInteger(seed)) {
  process.stderr.write('usage: run.ts [ROUNDS] [SEED], both whole numbers\n');
  process.exit(2);
}
const engine = await startTestClickHouse();
try {
  const result = await killRounds(engine, rounds, seed, (line) => process.stdout.write(`${line}\n`));
  const wrong = await verifyStored(engine.client('owner'), result.records);
  process.stdout.write(
    `${rounds} kills, ${result.interrupted} of them in the middle of a batch; ${result.batchesMended} batches and ${result.partitionsMended} rollup partitions mended; ${result.records.length} records: ${wrong.length === 0 ? 'flows and every rollup exact' : 'NOT EXACT'}\n`,
  );
  for (const line of wrong) process.stdout.write(`${line}\n`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
} finally {
  await engine.stop();
}
