import type { ClickHouseClient } from '@clickhouse/client';
import { type SpreadRecord, seriesLines, seriesOf } from '@/lib/server/ingest/testing/expected';
import { MONTHLY, ROLLUP_SLOT_MS, rollupLines, totalsLine } from '@/lib/server/ingest/testing/stored';

/** What differs between the stored tables and the records that must be there, one line a table; empty = exact. */
export async function verifyStored(
  client: ClickHouseClient,
  records: readonly SpreadRecord[],
): Promise<string[]> {
  const wrong: string[] = [];
  const sum = (field: 'bytesRaw' | 'packetsRaw'): bigint =>
    records.reduce((total, record) => total + BigInt(record[field]) * BigInt(record.samplingRate), 0n);
  const expected = `${records.length} ${sum('packetsRaw')} ${sum('bytesRaw')}`;
  for (const table of ['flows', ...MONTHLY]) {
    const stored = await totalsLine(client, table);
    if (stored !== expected) wrong.push(`${table}: ${stored} instead of ${expected}`);
  }
  for (const [table, slotMs] of Object.entries(ROLLUP_SLOT_MS)) {
    const lines = seriesLines(seriesOf(records, slotMs));
    const stored = await rollupLines(client, table);
    const at = lines.findIndex((line, index) => line !== stored[index]);
    if (at >= 0 || stored.length !== lines.length) {
      wrong.push(`${table}: ${stored[at] ?? 'nothing'} instead of ${lines[at] ?? 'nothing'}`);
    }
  }
  return wrong;
}
