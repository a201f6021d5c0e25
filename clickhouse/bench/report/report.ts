import { sizeName } from '../data/identity';
import { BLOCK_RECORDS } from '../ingest/takeRecords';
import type { BenchResult } from '../run';
import { judge } from './judge';
import { bytes, count, ms, times } from './numbers';
import { table } from './table';

/** The report as Markdown, for a person: bars first, then everything that they come from. */
export function report(result: BenchResult, smaller: BenchResult | null = null): string {
  const { machine, select1 } = result;
  const lines = [
    `## ${sizeName(result.flows)} flows over a calendar quarter`,
    '',
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.os}, Node ${machine.node}, ClickHouse ${machine.clickhouse}; ${machine.at}.`,
    `Load at start ${machine.loadAtStart.toFixed(1)}, at end ${machine.loadAtEnd?.toFixed(1) ?? '?'}${machine.loadAtStart > 1 ? ' (other programs were running)' : ''}. SELECT 1 takes ${ms(select1.p50)} ms (p50), ${ms(select1.p95)} ms (p95).`,
    `Making the data took ${result.data.seconds.toFixed(0)} s (${count(Math.round(result.flows / Math.max(1, result.data.seconds)))} flows/s with every rollup).`,
    '',
    ...table(
      ['Bar', 'Measured', 'Demanded', ''],
      judge(result, smaller).map((bar) => [bar.what, bar.measured, bar.bar, bar.held ? 'held' : 'MISSED']),
      '',
    ),
    '',
    'Questions, warm, over HTTP as the reading account:',
    '',
    ...table(
      ['Question', 'Range', 'p50 ms', 'p95 ms', 'p95 / SELECT 1', 'rows read', 'bytes read', 'tables'],
      result.panels.map((p) => [
        p.question,
        p.range,
        ms(p.p50),
        ms(p.p95),
        (p.p95 / select1.p50).toFixed(1),
        count(p.rowsRead),
        bytes(p.bytesRead),
        p.table,
      ]),
      '  rrrrr',
    ),
    ...(result.peers === null ? [] : peersOf(result)),
    '',
    `Ingest through HTTP, two connections, blocks of ${BLOCK_RECORDS.toLocaleString('en-US')} records of five minutes each:`,
    '',
    ...table(
      ['Path', 'records', 'flows/s', 'engine CPU s / M', 'client CPU s / M'],
      result.ingest.map((i) => [
        i.path,
        count(i.records),
        count(Math.round(i.perSecond)),
        i.engineCpu?.toFixed(1) ?? '?',
        i.clientCpu.toFixed(1),
      ]),
      ' rrrr',
    ),
    '',
    'Storage:',
    '',
    ...table(
      ['Table', 'rows', 'on disk', 'bytes a flow', 'kept as long as'],
      result.storage.map((t) => [t.table, count(t.rows), bytes(t.bytes), t.bytesAFlow.toFixed(2), t.kept]),
      ' rrr',
    ),
    ...result.failures.flatMap((failure) => ['', `FAILED: ${failure}`]),
    '',
  ];
  return lines.join('\n');
}

function peersOf({ peers }: BenchResult): string[] {
  return [
    '',
    'The same questions to the peers, over the closed quarter:',
    '',
    ...table(
      [
        'Question',
        'peer',
        'ours p50 ms',
        'theirs p50 ms',
        'faster',
        'our rows',
        'their rows',
        'fewer',
        'sums',
      ],
      (peers?.comparisons ?? []).map((c) => [
        c.question,
        c.peer,
        ms(c.ours.p50),
        ms(c.theirs.p50),
        times(c.faster),
        count(c.ours.rowsRead),
        count(c.theirs.rowsRead),
        times(c.rowsFewer),
        c.void === null ? 'equal' : 'DIFFER',
      ]),
      '  rrrrrr',
    ),
  ];
}
