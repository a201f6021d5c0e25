import type { ClickHouseClient } from '@clickhouse/client';
import { CUT_LIMITS } from '@/lib/server/ingest/cutBatches';
import type { World } from '../data/makeFlows';
import { QUARTER } from '../data/quarter';
import { benchRecordsSql } from '../data/recordsSql';

/** As many as the product stores in one block. */
export const BLOCK_RECORDS = CUT_LIMITS.records;

/** Collectors rotate their files every five minutes: a block holds records that began in as long. */
const BLOCK_MS = 300_000;

/** Where what the measurement stores begins: days of their own behind the quarter, so that they can be dropped whole. Epoch milliseconds. */
export const INGEST_FROM = QUARTER.to * 1000 + 9 * 86_400_000;

export interface TakenBlock {
  records: number;
  /** rows of flows_landing as RowBinary */
  payload: Buffer;
}

/** Records for the measurement, made before its clock runs. Another `seed` makes other records. */
export async function takeBlocks(
  client: ClickHouseClient,
  world: World,
  records: number,
  seed: number,
): Promise<TakenBlock[]> {
  const blocks: TakenBlock[] = [];
  for (let taken = 0; taken < records; taken += BLOCK_RECORDS) {
    const count = Math.min(BLOCK_RECORDS, records - taken);
    const query = recordsQuery(world, blocks.length, count, seed);
    const answer = await client.exec({
      query: `${query} FORMAT RowBinary`,
      clickhouse_settings: { max_query_size: '100000000', max_threads: 1 },
    });
    const pieces: Buffer[] = [];
    for await (const piece of answer.stream) pieces.push(piece as Buffer);
    blocks.push({ records: count, payload: Buffer.concat(pieces) });
  }
  return blocks;
}

/** SELECT of the records of one block, columns as LANDING_COLUMNS. */
export function recordsQuery(
  { sources, network }: World,
  block: number,
  records: number,
  seed: number,
): string {
  const fromMs = INGEST_FROM + block * BLOCK_MS;
  return benchRecordsSql(
    {
      seed,
      batchKey: BigInt(seed) * 1_000_000n + BigInt(block),
      records,
      fromMs,
      toMs: fromMs + BLOCK_MS,
      latestMs: fromMs + 86_400_000,
    },
    sources,
    network,
  );
}
