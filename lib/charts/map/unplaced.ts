import type { TrafficMapRows } from '@/lib/flows/contracts/trafficMap';
import { formatShare } from '../format';
import type { MapModel } from './model';

/** Where this much of the volume has no known place, the picture says so: what is drawn is not the whole. */
export const NEARLY_ALL = 0.9;

/** Why a map is bare, or nearly so, and what fills it. */
export interface Unplaced {
  readonly title: string;
  readonly text: string;
  /** helps if nothing changes by itself; null = nothing to be done */
  readonly command: string | null;
  /** no circle is drawn, so the words may stand over the map */
  readonly isBare: boolean;
}

/** What a bare map must say; null where it has enough to show. */
export function unplacedOf(
  rows: Pick<TrafficMapRows, 'geoVersion'>,
  model: Pick<MapModel, 'entries' | 'view' | 'unknownShare'>,
): Unplaced | null {
  const isBare = !model.entries.some(({ center, radius }) => center !== null && radius > 0);
  const share = formatShare(model.unknownShare);
  if (rows.geoVersion === 0) {
    return {
      title: 'Nothing has a place yet',
      text: `The table that gives addresses a country and a metro is not loaded: ${share} of the volume has no known place. After the first start it loads in the background within minutes, stored flows are given their places, and the map fills by itself. If it stays bare, load it:`,
      command: 'npm run reference -- load',
      isBare,
    };
  }
  // Nothing in the scope or step: the numbers beside say that.
  if (model.entries.every(({ bytes }) => bytes === '0')) return null;
  if (model.unknownShare >= NEARLY_ALL) {
    return {
      title: `${share} of the volume has no known place`,
      text: 'The table of places is loaded. Flows that were stored before it are given theirs in the background, some minutes after it; private and unlisted addresses never have one. If it stays so, look for flows that wait:',
      command: 'npm run reference -- status',
      isBare,
    };
  }
  if (isBare && model.view === 'us') {
    return {
      title: 'Nothing here is in a metro of the United States',
      text: 'All of it is elsewhere, as the numbers beside the map say. The world view draws other countries.',
      command: null,
      isBare,
    };
  }
  return null;
}
