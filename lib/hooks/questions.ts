import type { CoverageCalendarRows } from '@/lib/flows/contracts/coverageCalendar';
import type { DataStatusRows } from '@/lib/flows/contracts/dataStatus';
import type { DoubleCountingRows } from '@/lib/flows/contracts/doubleCounting';
import type { Meta } from '@/lib/flows/contracts/envelope';
import type { GroupRows } from '@/lib/flows/contracts/exploreGroups';
import type { ExploreColumns } from '@/lib/flows/contracts/exploreOverTime';
import type { ExporterQualityRows } from '@/lib/flows/contracts/exporterQuality';
import type { FilterValues } from '@/lib/flows/contracts/filterValues';
import type { HeadlineRows } from '@/lib/flows/contracts/headline';
import type { ImportLedgerRows } from '@/lib/flows/contracts/importLedger';
import type { LateDataRows } from '@/lib/flows/contracts/lateData';
import type { HeatmapRows } from '@/lib/flows/contracts/regionTypeHeatmap';
import type { RejectedRows } from '@/lib/flows/contracts/rejectedRecords';
import type { StoredTablesRows } from '@/lib/flows/contracts/storedTables';
import type { TrafficMapRows } from '@/lib/flows/contracts/trafficMap';
import type { TrafficColumns } from '@/lib/flows/contracts/trafficOverTime';
import type { UnclassifiedRows } from '@/lib/flows/contracts/unclassifiedSources';
import type { WhatChangedRows } from '@/lib/flows/contracts/whatChanged';
import { joinTail } from '@/lib/flows/trafficTail';
import { printInstant } from '@/lib/flows/urlState';

/** A contract as the browser needs it: where to ask, and the type of what comes back. */
export interface Question<Rows> {
  readonly path: `/api/flows/${string}`;
  /** never there; carries the type */
  readonly rows?: Rows;
  /** for a question that can be asked for what is new alone */
  readonly tail?: Tail<Rows>;
}

/** How an answer goes on from one that is held already. */
export interface Tail<Rows> {
  /** the parameters that ask for it; null = the held answer cannot be gone on from */
  options(held: Meta): Readonly<Record<string, string>> | null;
  /** the held answer with what is new; the new one where it is whole; null where they do not fit */
  join(held: Rows, answered: Rows): Rows | null;
}

/** While the watermark stands, only buckets that may grow are asked for. */
const trafficTail: Tail<TrafficColumns> = {
  options: ({ watermark, to }) =>
    watermark === null || watermark >= to ? null : { settled: printInstant(watermark) },
  join: (held, answered) => (answered.tailFrom === undefined ? answered : joinTail(held, answered)),
};

/**
 * The questions a page can ask. The contracts themselves bring schemas that only the server runs, 33 kB of them; a test
 * holds that each path is the contract's.
 */
export const questions = {
  dataStatus: { path: '/api/flows/data-status' } as Question<DataStatusRows>,
  headline: { path: '/api/flows/headline' } as Question<HeadlineRows>,
  regionTypeHeatmap: { path: '/api/flows/region-type-heatmap' } as Question<HeatmapRows>,
  trafficOverTime: { path: '/api/flows/traffic-over-time', tail: trafficTail } as Question<TrafficColumns>,
  exporterQuality: { path: '/api/flows/exporter-quality' } as Question<ExporterQualityRows>,
  coverageCalendar: { path: '/api/flows/coverage-calendar' } as Question<CoverageCalendarRows>,
  unclassifiedSources: { path: '/api/flows/unclassified-sources' } as Question<UnclassifiedRows>,
  doubleCounting: { path: '/api/flows/double-counting' } as Question<DoubleCountingRows>,
  rejectedRecords: { path: '/api/flows/rejected-records' } as Question<RejectedRows>,
  lateData: { path: '/api/flows/late-data' } as Question<LateDataRows>,
  importLedger: { path: '/api/flows/import-ledger' } as Question<ImportLedgerRows>,
  trafficMap: { path: '/api/flows/traffic-map' } as Question<TrafficMapRows>,
  filterValues: { path: '/api/flows/filter-values' } as Question<FilterValues>,
  exploreOverTime: { path: '/api/flows/explore-over-time' } as Question<ExploreColumns>,
  exploreGroups: { path: '/api/flows/explore-groups' } as Question<GroupRows>,
  whatChanged: { path: '/api/flows/what-changed' } as Question<WhatChangedRows>,
  storedTables: { path: '/api/flows/stored-tables' } as Question<StoredTablesRows>,
} as const;
