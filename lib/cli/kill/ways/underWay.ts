import { readdir } from 'node:fs/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import { rowsOf } from '@/lib/server/ingest/testing/stored';

export type VictimName = 'engine' | 'follow command' | 'web server';

/** Which kills fell into the middle of a batch: it was spooled, and not stored yet or not noted as stored, when its program or the engine died. */
export class UnderWay {
  private readonly seen = new Set<string>();
  private readonly kills: { victim: VictimName; ids: string[] }[] = [];

  constructor(private readonly spool: string) {}

  /** To be called when the victim is dead and nothing has been started again. */
  async note(victim: VictimName): Promise<void> {
    const names = await readdir(this.spool).catch(() => []);
    const ids = names.filter((name) => name.endsWith('.pending')).map((name) => name.slice(0, -8));
    this.kills.push({ victim, ids: ids.filter((id) => !this.seen.has(id)) });
    for (const id of ids) this.seen.add(id);
  }

  /** Kills and hits by victim. A batch counts for a program only where the ledger says that it was that program's. */
  async counts(client: ClickHouseClient): Promise<Record<VictimName, { kills: number; hits: number }>> {
    const rows = await rowsOf<{ id: string; http: number }>(
      client,
      `SELECT batch_id AS id, startsWith(source_name, 'http:') AS http FROM ingest_batches FINAL`,
    );
    const overHttp = new Map(rows.map(({ id, http }) => [id, Number(http) === 1]));
    const counts: Record<VictimName, { kills: number; hits: number }> = {
      engine: { kills: 0, hits: 0 },
      'follow command': { kills: 0, hits: 0 },
      'web server': { kills: 0, hits: 0 },
    };
    for (const { victim, ids } of this.kills) {
      const known = ids.filter((id) => overHttp.has(id));
      const own = known.filter((id) => victim === 'engine' || overHttp.get(id) === (victim === 'web server'));
      counts[victim].kills += 1;
      if (own.length > 0) counts[victim].hits += 1;
    }
    return counts;
  }
}
