import 'server-only';
import type { Measure } from '@/lib/flows/measures';
import { type Sql, sql } from '@/lib/server/clickhouse/sql';

/** Sums that series and groups are made of. */
export type SumOf = 'bytes' | 'packets' | 'flowRecords';

/** What is summed up for a measure. */
export function sumFor(measure: Measure): SumOf {
  return measure === 'packets' ? 'packets' : measure === 'flowRecords' ? 'flowRecords' : 'bytes';
}

const COLUMN: Record<SumOf, Sql> = {
  bytes: sql`bytes`,
  packets: sql`packets`,
  flowRecords: sql`flow_records`,
};

/** The column of slots and states that holds it. */
export function sumColumn(of: SumOf): Sql {
  return COLUMN[of];
}

/** What a sum counts for in a rate: bits for bytes, itself for packets and records. */
export function unitsPer(of: SumOf): 1 | 8 {
  return of === 'bytes' ? 8 : 1;
}
