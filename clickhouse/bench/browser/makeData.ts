import type { ClickHouseTarget } from '@/lib/server/env';
import { connect } from '@/lib/server/ingest/connect';
import { forgetFacts } from '@/lib/server/queries/facts';
import { closeMonths } from '@/lib/server/rollups/closeMonths';
import { type DataState, sizeName } from '../data/identity';
import { loadWorld, makeFlows } from '../data/makeFlows';
import { QUARTER } from '../data/quarter';
import { settle } from '../data/settle';

/** Makes what is missing of the flows that the dashboard in the browser shows: the quarter of the bench, closed and merged. */
export async function makeBrowserData(options: {
  target: ClickHouseTarget;
  /** holds bench.json */
  folder: string;
  state: DataState;
  onStep(text: string): void;
  signal?: AbortSignal;
}): Promise<void> {
  const { target, folder, state, onStep, signal } = options;
  const owner = connect(target, 'owner');
  try {
    const world = { ...(await loadWorld(owner, target)), sizes: 'even' as const };
    const told = (stored: number) => onStep(`${(stored / 1e6).toFixed(2)} of ${sizeName(state.flows)} flows`);
    await makeFlows(owner, folder, state, world, told, signal);
    await closeMonths(target, QUARTER.to, { onStep, signal });
    await settle(owner, onStep, signal);
    forgetFacts();
  } finally {
    await owner.close();
  }
}
