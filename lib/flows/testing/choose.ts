import { chooseRollup } from '../chooseRollup';
import type { Ask, Plan, Refusal } from '../plan';
import { KEEPS_EVERYTHING } from '../tables';

/** Epoch seconds of an instant. */
export const at = (text: string) => Date.parse(text) / 1000;
/** A month of traffic by type and direction. */
export const base: Ask = {
  measure: 'traffic',
  dimensions: ['type', 'direction'],
  range: { from: at('2026-10-24T00:00:00Z'), to: at('2026-11-22T00:00:00Z') },
  zone: 'UTC',
  axis: true,
  retention: KEEPS_EVERYTHING,
  lookback: 3_600,
};

/** The plan for the base ask, changed. @throws where it is refused */
export function plan(ask: Partial<Ask>): Plan {
  const choice = chooseRollup({ ...base, ...ask });
  if ('refusal' in choice) throw new Error(choice.refusal.why);
  return choice.plan;
}

/** The refusal of the base ask, changed. @throws where it is answered */
export function refusal(ask: Partial<Ask>): Refusal {
  const choice = chooseRollup({ ...base, ...ask });
  if ('plan' in choice) throw new Error(`answered by ${choice.plan.table}`);
  return choice.refusal;
}

export const range = (from: string, to: string) => ({ from: at(from), to: at(to) });
/** Parts as `table from to`. */
export const parts = ({ parts: all }: Plan) =>
  all.map(
    ({ table, from, to }) =>
      `${table} ${new Date(from * 1000).toISOString().slice(0, 16)} ${new Date(to * 1000).toISOString().slice(0, 16)}`,
  );
