import type { FollowState } from '@/lib/server/ingest/follow/follow';
import { number } from './summaryText';

/** How far behind a followed path is: of a file its bytes, of a folder its files. */
export function lagText(
  { behind, unit, lastDataMs }: Pick<FollowState, 'behind' | 'unit' | 'lastDataMs'>,
  nowMs: number,
): string {
  if (behind > 0) return `${number(behind)} ${behind === 1 ? unit.slice(0, -1) : unit} behind`;
  if (lastDataMs === null) return 'nothing yet';
  return `up to date, last data ${Math.round((nowMs - lastDataMs) / 1000)} s ago`;
}
