import 'server-only';
import { createHash } from 'node:crypto';
import { Pool } from 'pg';
import { type Partition, sourceOfPartition } from './partition';

/** Lets one process at a time drain a partition: two that cut the same messages into other batches would store them twice. */
export interface PartitionLock {
  /**
   * Runs while nobody else holds the partition; null, at once, where somebody does.
   * The signal is aborted when the lock is lost, with the connection that holds it.
   */
  hold<T>(partition: Partition, run: (lost: AbortSignal) => Promise<T>): Promise<T | null>;
  close(): Promise<void>;
}

/**
 * A lock across processes and machines, as PostgreSQL advisory locks: let go when the holder dies.
 * @param databaseUrl PostgreSQL; empty = only within this process
 * @param database name of the ClickHouse database
 */
export function createPartitionLock(databaseUrl: string, database: string): PartitionLock {
  if (databaseUrl === '') return processLock(database);
  const pool = new Pool({ connectionString: databaseUrl, max: 2, application_name: 'weir kafka' });
  // An idle connection that breaks must not end the process; the next use reports it.
  pool.on('error', () => undefined);
  return {
    async hold(partition, run) {
      const name = `weir kafka ${database} ${sourceOfPartition(partition)}`;
      const key = createHash('sha256').update(name).digest().readBigInt64BE(0).toString();
      const client = await pool.connect();
      const lost = new AbortController();
      const lose = (): void => lost.abort(new Error('the connection to PostgreSQL broke'));
      client.on('error', lose);
      let broken = true;
      try {
        const { rows } = await client.query<{ held: boolean }>(
          'SELECT pg_try_advisory_lock($1::bigint) AS held',
          [key],
        );
        if (rows[0]?.held !== true) {
          broken = false;
          return null;
        }
        try {
          return await run(lost.signal);
        } finally {
          // Asked and awaited after a failure too: closing the connection lets go at some later moment.
          await client.query('SELECT pg_advisory_unlock($1::bigint)', [key]).then(
            () => {
              broken = false;
            },
            () => undefined,
          );
        }
      } finally {
        client.off('error', lose);
        // A connection that may still hold the lock is closed, which lets it go.
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
}

const held = new Set<string>();

function processLock(database: string): PartitionLock {
  return {
    async hold(partition, run) {
      const name = `${database} ${sourceOfPartition(partition)}`;
      if (held.has(name)) return null;
      held.add(name);
      try {
        return await run(new AbortController().signal);
      } finally {
        held.delete(name);
      }
    },
    close: () => Promise.resolve(),
  };
}
