import type { NetworkType } from '@/lib/flows/networkTypes';
import type { Source, Sources } from '../network/sources';
import { DENSE_DAYS, type PieceKind, RECORD_SECONDS, THIN_SECONDS } from './pieces';
import type { Region } from './regions';

/** Small flows beside each long record, relative: homes have many, neoclouds hardly any. */
const SMALL_BY_TYPE: Record<NetworkType, number> = {
  'ISP Regional': 2.6,
  'ISP Tier1': 1,
  CDN: 0.9,
  Hosting: 1,
  Hyperscaler: 0.8,
  Neocloud: 0.15,
  Migration: 0.4,
  Unclassified: 1.1,
};
const SMALL_BY_REGION: Record<Region, number> = {
  'US-West': 1.4,
  'US-East': 0.95,
  'CA-East': 0.65,
  'EU-Central': 0.85,
};
/** IPv6 has few lanes; this brings it to about 15 % of the records. */
const SMALL_OF_IPV6 = 1.4;
const DAY = 86_400;
/** Part of all records that lies in the dense days. */
const DENSE_PART = 0.36;
const MOST_SMALL = 8;
/** Records of timed backups in a day of history; they have no small flows beside them. */
const BACKUPS_A_DAY = 2_200;

/** How many records a row of the plan becomes. */
export interface Density {
  /** mean number of small flows, before type and region */
  small: Record<PieceKind, number>;
  /** seconds of a long record */
  recordSeconds: Record<PieceKind, number>;
}

export function bigFlows(source: Source, kind: PieceKind): number {
  // Few networks, but never fewer than 30 records a type in five minutes of the dense days.
  return kind === 'dense' && (source.type === 'Neocloud' || source.type === 'Migration') ? 2 : 1;
}

export function meanSmallFlows(source: Source, kind: PieceKind, density: Density): number {
  const version = source.ipVersion === 6 ? SMALL_OF_IPV6 : 1;
  return density.small[kind] * SMALL_BY_TYPE[source.type] * SMALL_BY_REGION[source.region] * version;
}

/** Chooses the length of records and the number of small flows so that history comes to about `records`, however long it is. */
export function densityFor(sources: Sources, records: number, days: number): Density {
  const denseDays = Math.min(DENSE_DAYS, days);
  const thinDays = days - denseDays;
  const denseBudget = thinDays === 0 ? records : records * DENSE_PART;
  const thinBudget = records - denseBudget;
  const lanes = sources.lanes.flat();
  const peers = lanes.flatMap((lane) => lane.peers.flatMap(({ source }) => sources.all[source] ?? []));
  const turns = lanes.flatMap((lane) => sources.all[lane.peers[0]?.source ?? -1] ?? []);

  // Big flows alone must leave room for small ones; else they last longer.
  const thinRows = (seconds: number) => turns.length * thinDays * (DAY / seconds);
  const [short, long] = THIN_SECONDS;
  const thinSeconds = thinRows(short) < 0.62 * thinBudget ? short : long;
  const recordSeconds = { ...RECORD_SECONDS, thin: thinSeconds };

  const unit: Density = { small: { thin: 1, dense: 1, live: 1 }, recordSeconds };
  const solve = (kind: PieceKind, rows: readonly Source[], daysOfKind: number, budget: number) => {
    const slots = daysOfKind * (DAY / recordSeconds[kind]);
    const big = rows.reduce((sum, source) => sum + bigFlows(source, kind), 0) * slots;
    const small = rows.reduce((sum, source) => sum + meanSmallFlows(source, kind, unit), 0) * slots;
    const left = budget - big - BACKUPS_A_DAY * daysOfKind;
    return small === 0 ? 0 : Math.min(MOST_SMALL, Math.max(0, left / small));
  };
  const dense = solve('dense', peers, denseDays, denseBudget);
  const thin = solve('thin', turns, thinDays, thinBudget);
  return { small: { thin, dense, live: Math.min(0.4, dense / 5) }, recordSeconds };
}
