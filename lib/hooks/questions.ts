import type { DataStatusRows } from '@/lib/flows/contracts/dataStatus';
import type { HeadlineRows } from '@/lib/flows/contracts/headline';
import type { HeatmapRows } from '@/lib/flows/contracts/regionTypeHeatmap';
import type { TrafficColumns } from '@/lib/flows/contracts/trafficOverTime';

/** A contract as the browser needs it: where to ask, and the type of what comes back. */
export interface Question<Rows> {
  readonly path: `/api/flows/${string}`;
  /** never there; carries the type */
  readonly rows?: Rows;
}

/**
 * The questions a page can ask. The contracts themselves bring schemas that only the server runs, 33 kB of them; a test
 * holds that each path is the contract's.
 */
export const questions = {
  dataStatus: { path: '/api/flows/data-status' } as Question<DataStatusRows>,
  headline: { path: '/api/flows/headline' } as Question<HeadlineRows>,
  regionTypeHeatmap: { path: '/api/flows/region-type-heatmap' } as Question<HeatmapRows>,
  trafficOverTime: { path: '/api/flows/traffic-over-time' } as Question<TrafficColumns>,
} as const;
