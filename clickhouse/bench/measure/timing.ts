import { reader } from '@/lib/server/clickhouse/client';

/** Milliseconds of several answers to one question, and what ClickHouse read for one of them. */
export interface Timing {
  p50: number;
  p95: number;
  rounds: number;
  rowsRead: number;
  bytesRead: number;
}

export interface TimingOptions {
  /** answers that are counted; the first one fills caches of files and is not */
  rounds: number;
  /** slow questions get fewer rounds: none begins after this, beyond the fifth */
  mostSeconds?: number;
  signal?: AbortSignal | undefined;
}

const FEWEST_ROUNDS = 5;

/** Number ceil(q N) of the sorted values. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}

/** Asks a question again and again, one answer after the other. */
export async function timed(ask: () => Promise<unknown>, options: TimingOptions): Promise<Timing> {
  const { rounds, mostSeconds = 6 } = options;
  await ask();
  const times: number[] = [];
  const began = performance.now();
  let read: Reads = { rows: 0, bytes: 0 };
  while (times.length < rounds) {
    options.signal?.throwIfAborted();
    if (times.length >= FEWEST_ROUNDS && performance.now() - began > mostSeconds * 1000) break;
    const started = performance.now();
    read = await readsOf(ask);
    times.push(performance.now() - started);
  }
  return {
    p50: quantile(times, 0.5),
    p95: quantile(times, 0.95),
    rounds: times.length,
    rowsRead: read.rows,
    bytesRead: read.bytes,
  };
}

interface Reads {
  rows: number;
  bytes: number;
}

/** Rows and bytes that ClickHouse read while `run` went on, by the summary that comes with every answer to the reader's client. */
async function readsOf(run: () => Promise<unknown>): Promise<Reads> {
  const { client } = reader();
  const query = client.query.bind(client);
  const reads: Reads = { rows: 0, bytes: 0 };
  client.query = (async (parameters: Parameters<typeof query>[0]) => {
    const result = await query(parameters);
    const header = result.response_headers['x-clickhouse-summary'];
    if (typeof header === 'string') {
      const summary = JSON.parse(header) as { read_rows?: string; read_bytes?: string };
      reads.rows += Number(summary.read_rows ?? 0);
      reads.bytes += Number(summary.read_bytes ?? 0);
    }
    return result;
  }) as typeof client.query;
  try {
    await run();
  } finally {
    client.query = query as typeof client.query;
  }
  return reads;
}
