import { cpus, loadavg, platform, release, totalmem } from 'node:os';
import type { ClickHouseClient } from '@clickhouse/client';
import { select } from '../../demo/target';

/** Where and when was measured. */
export interface Machine {
  cpu: string;
  cores: number;
  memoryGiB: number;
  os: string;
  node: string;
  clickhouse: string;
  /** mean number of runnable processes over the last minute, at the start and at the end: above 1 at the start, others were at work */
  loadAtStart: number;
  loadAtEnd: number | null;
  at: string;
}

export async function describeMachine(client: ClickHouseClient): Promise<Machine> {
  const load = loadavg()[0] ?? 0;
  const [version] = await select<{ v: string }>(client, 'SELECT version() AS v');
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    os: `${platform()} ${release()}`,
    node: process.version,
    clickhouse: version?.v ?? 'unknown',
    loadAtStart: load,
    loadAtEnd: null,
    at: new Date().toISOString(),
  };
}

export function loadNow(): number {
  return loadavg()[0] ?? 0;
}
