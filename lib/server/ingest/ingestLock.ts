import 'server-only';
import { createHash } from 'node:crypto';
import { Pool } from 'pg';

/**
 * Keeps a rebuild of rollups apart from inserts: inserts share the lock, one batch at a time, and reconcile holds it alone.
 * Without it a rollup partition could be rebuilt between the two halves of an insert (`flows` there, the rollup not yet), and the
 * insert's second half would count twice.
 */
export interface IngestLock {
  shared<T>(run: () => Promise<T>): Promise<T>;
  alone<T>(run: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * A lock across processes and machines, as a PostgreSQL advisory lock: it needs no table, waits fairly, and is let go when its
 * holder dies. Each holder has a connection of its own, so that a waiting reconcile is not overtaken for ever.
 *
 * @param databaseUrl PostgreSQL; empty = only within this process
 * @param database name of the ClickHouse database that is locked
 */
export function createIngestLock(databaseUrl: string, database: string): IngestLock {
  if (databaseUrl === '') return processLock(database);
  const key = createHash('sha256').update(`weir ingest ${database}`).digest().readBigInt64BE(0).toString();
  const pool = new Pool({ connectionString: databaseUrl, max: 4, application_name: 'weir ingest lock' });
  // An idle connection that breaks must not end the process; the next use reports it.
  pool.on('error', () => undefined);

  const hold = async <T>(kind: 'shared' | 'alone', run: () => Promise<T>): Promise<T> => {
    const suffix = kind === 'shared' ? '_shared' : '';
    const client = await pool.connect().catch((error: unknown) => {
      throw new Error(
        `PostgreSQL is not reachable, and it holds the lock between imports and reconcile (${error instanceof Error ? error.message : String(error)}). Start it or correct DATABASE_URL.`,
        { cause: error },
      );
    });
    // Without a listener a connection that breaks while held would end the process.
    const ignore = (): void => undefined;
    client.on('error', ignore);
    let broken = true;
    try {
      await client.query(`SELECT pg_advisory_lock${suffix}($1::bigint)`, [key]);
      const result = await run();
      // What has been done is done: a failing unlock only closes the connection.
      await client.query(`SELECT pg_advisory_unlock${suffix}($1::bigint)`, [key]).then(
        () => {
          broken = false;
        },
        () => undefined,
      );
      return result;
    } finally {
      client.off('error', ignore);
      // A connection that may still hold the lock is closed, which lets it go.
      client.release(broken);
    }
  };
  return {
    shared: (run) => hold('shared', run),
    alone: (run) => hold('alone', run),
    close: () => pool.end(),
  };
}

interface Turn {
  alone: boolean;
  start(): void;
}

class ProcessTurns {
  private holders = 0;
  private heldAlone = false;
  private readonly queue: Turn[] = [];

  async run<T>(alone: boolean, work: () => Promise<T>): Promise<T> {
    await new Promise<void>((resolve) => {
      this.queue.push({ alone, start: resolve });
      this.next();
    });
    try {
      return await work();
    } finally {
      this.holders -= 1;
      this.heldAlone = false;
      this.next();
    }
  }

  private next(): void {
    for (;;) {
      const turn = this.queue[0];
      if (turn === undefined || this.heldAlone || (turn.alone && this.holders > 0)) return;
      this.queue.shift();
      this.holders += 1;
      this.heldAlone = turn.alone;
      turn.start();
    }
  }
}

const turnsOf = new Map<string, ProcessTurns>();

function processLock(database: string): IngestLock {
  const turns = turnsOf.get(database) ?? new ProcessTurns();
  turnsOf.set(database, turns);
  return {
    shared: (run) => turns.run(false, run),
    alone: (run) => turns.run(true, run),
    close: () => Promise.resolve(),
  };
}
