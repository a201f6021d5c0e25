import type { ClickHouseClient } from '@clickhouse/client';
import { readDemoNetwork } from './network/demoNetwork';
import { remotePools } from './network/remotePools';
import { buildSources } from './network/sources';
import { planCurves } from './plan/curve';
import { densityFor } from './plan/density';
import type { PlanContext } from './plan/rows';
import type { DemoTarget } from './target';

/** What a demo is: everything that its records follow from, together with the example network and the reference tables. */
export interface DemoIdentity {
  seed: number;
  /** first instant of history, seconds since 1970 */
  start: number;
  /** end of the history that was made first; later gaps and the live feed go on from there */
  end: number;
  /** about how many records that history has */
  records: number;
}

const DAY = 86_400;

/** Prepares the plan of a demo. */
export async function planContext(
  client: ClickHouseClient,
  target: DemoTarget,
  { seed, start, end, records }: DemoIdentity,
): Promise<PlanContext> {
  const network = await readDemoNetwork();
  const sources = buildSources(network, await remotePools(client, target, seed));
  return {
    seed,
    network,
    sources,
    curves: planCurves(seed, network.migrationOpen),
    density: densityFor(sources, records, (end - start) / DAY),
  };
}
