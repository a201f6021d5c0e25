import { NETWORK_TYPES, type NetworkType } from '@/lib/flows/networkTypes';
import { BACKUP_SHARE, backupBps } from './backups';
import { plannedLevel } from './levels';
import { hash32, type Octave, wiggle } from './noise';
import { REGION_PLACE, REGION_SHARE, REGIONS, type Region } from './regions';
import { Rhythm, ZoneClock } from './rhythm';

export const DIRECTIONS = ['ingress', 'egress'] as const;
export type PlanDirection = (typeof DIRECTIONS)[number];

/** What is planned apart: everything that crosses the border of a region with one kind of network in one direction. */
export interface Cell {
  region: Region;
  type: NetworkType;
  direction: PlanDirection;
}

export const CELLS: readonly Cell[] = REGIONS.flatMap((region) =>
  NETWORK_TYPES.flatMap((type) => DIRECTIONS.map((direction) => ({ region, type, direction }))),
);

export function cellIndex(cell: Cell): number {
  return (
    (REGIONS.indexOf(cell.region) * NETWORK_TYPES.length + NETWORK_TYPES.indexOf(cell.type)) *
      DIRECTIONS.length +
    DIRECTIONS.indexOf(cell.direction)
  );
}

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

// What moves a whole type everywhere at once (a release, a match), and what moves one cell alone.
const SHARED: readonly Octave[] = [
  { period: 11 * DAY, amplitude: 0.03 },
  { period: 2.3 * DAY, amplitude: 0.03 },
  { period: 5 * HOUR, amplitude: 0.02 },
];
const OWN: readonly Octave[] = [
  { period: 9 * HOUR, amplitude: 0.035 },
  { period: 100 * MINUTE, amplitude: 0.028 },
  { period: 27 * MINUTE, amplitude: 0.026 },
  { period: 9 * MINUTE, amplitude: 0.022 },
];
// Training and inference jobs come and go in blocks; bulk copies pause between batches.
const BLOCKY: readonly Octave[] = [
  { period: 4 * HOUR, amplitude: 0.05 },
  { period: 50 * MINUTE, amplitude: 0.05 },
  { period: 14 * MINUTE, amplitude: 0.03 },
];
const BLOCKY_TYPES: ReadonlySet<NetworkType> = new Set(['Neocloud', 'Migration', 'Hyperscaler']);

/** Days on which a region's private line carries Migration, as the network file has it. */
export type MigrationOpen = (region: Region, seconds: number) => boolean;

/** The planned traffic of one cell: a pure function of seed and instant. */
export class CellCurve {
  private readonly regionIndex: number;
  private readonly share: number;
  private readonly backupShare: number;
  private readonly keys: readonly [shared: number, own: number, blocks: number];
  private readonly rhythm: Rhythm;
  private readonly blocky: boolean;
  private hour = -1;
  private level = 0;

  constructor(
    private readonly seed: number,
    readonly cell: Cell,
    private readonly clock: ZoneClock,
    private readonly migrationOpen: MigrationOpen,
  ) {
    const index = cellIndex(cell);
    this.rhythm = new Rhythm(cell.type);
    this.blocky = BLOCKY_TYPES.has(cell.type);
    this.regionIndex = REGIONS.indexOf(cell.region);
    this.share = REGION_SHARE[cell.type][this.regionIndex] ?? 0;
    this.backupShare = cell.direction === 'ingress' ? (BACKUP_SHARE[cell.type] ?? 0) : 0;
    this.keys = [
      hash32(seed, 1, NETWORK_TYPES.indexOf(cell.type)),
      hash32(seed, 2, index),
      hash32(seed, 3, index),
    ];
  }

  /** bit/s without timed backups. */
  bps(seconds: number): number {
    const { type, region, direction } = this.cell;
    const hour = Math.floor(seconds / HOUR);
    if (hour !== this.hour) {
      // Levels move by the month; once an hour is often enough.
      const open = type !== 'Migration' || this.migrationOpen(region, seconds);
      this.level = open ? plannedLevel(type, direction, hour * HOUR) * this.share : 0;
      this.hour = hour;
    }
    if (this.level === 0) return 0;
    const blocks = this.blocky ? wiggle(this.keys[2], seconds, BLOCKY) : 0;
    const factor = 1 + wiggle(this.keys[0], seconds, SHARED) + wiggle(this.keys[1], seconds, OWN) + blocks;
    return this.level * this.rhythm.at(this.clock.local(seconds)) * factor;
  }

  /** bit/s of timed backups; most cells have none. */
  backupBps(seconds: number): number {
    if (this.backupShare === 0) return 0;
    return this.backupShare * backupBps(this.seed, this.cell.region, this.clock, seconds);
  }
}

/** The curves of all cells, in the order of CELLS. */
export function planCurves(seed: number, migrationOpen: MigrationOpen): CellCurve[] {
  const clocks = new Map(REGIONS.map((region) => [region, new ZoneClock(REGION_PLACE[region].zone)]));
  return CELLS.map(
    (cell) => new CellCurve(seed, cell, clocks.get(cell.region) ?? new ZoneClock('UTC'), migrationOpen),
  );
}
