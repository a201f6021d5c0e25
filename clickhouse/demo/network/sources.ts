import type { NetworkType } from '@/lib/flows/networkTypes';
import { BACKUP_SHARE } from '../plan/backups';
import { CELLS, type Cell, cellIndex, type PlanDirection } from '../plan/curve';
import { REGIONS, type Region } from '../plan/regions';
import type { DemoNetwork } from './demoNetwork';
import { hostsOf, LANES, type LanePlan, TRANSFER_LINES } from './peers';
import { poolKey, type RemotePool } from './remotePools';

/** How a source's records look beside their size; the numbers appear in the SQL of records/recordsSql.ts. */
export const SOURCE_KIND = { traffic: 0, backup: 1, internal: 2, transit: 3, unknownRate: 4 } as const;
export type SourceKind = keyof typeof SOURCE_KIND;

/** One network at the other end of one lane, in one direction: what a row of the plan points at. */
export interface Source {
  id: number;
  kind: SourceKind;
  region: Region;
  type: NetworkType;
  direction: PlanDirection;
  exporter: string;
  /** the outer interface, on the link */
  interface: number;
  asn: number;
  ipVersion: 4 | 6;
  /** where its prefixes begin in the packed list of all prefixes, and how many there are */
  poolOffset: number;
  poolLength: number;
  hosts: number;
  /** seconds for which the big flows of the source keep their addresses and ports */
  persistence: number;
}

export interface Lane {
  cell: Cell;
  /** unique within the plan, for phases and wiggles */
  id: number;
  share: number;
  peers: readonly { source: number; weight: number }[];
}

export interface Sources {
  all: readonly Source[];
  /** by cell index */
  lanes: readonly (readonly Lane[])[];
  /** sources of timed backups by cell index; empty where a cell has none */
  backups: readonly (readonly number[])[];
  internal: ReadonlyMap<Region, number>;
  transit: ReadonlyMap<Region, number>;
  unknownRate: number;
  /** sources of neocloud transfers by region, on different links */
  transfers: ReadonlyMap<Region, readonly number[]>;
  /** all remote prefixes, as poolOffset and poolLength point at them */
  prefixes: readonly bigint[];
}

const HOUR = 3600;
const DAY = 86_400;
const PERSISTENCE: Record<NetworkType, number> = {
  'ISP Regional': 1,
  'ISP Tier1': 1,
  CDN: 6 * HOUR,
  Hosting: 2 * HOUR,
  Hyperscaler: 4 * HOUR,
  Neocloud: 3 * DAY,
  Migration: DAY,
  Unclassified: HOUR,
};

/** Fewer lanes bring traffic in than take it out: lanes are what older days cost, as each is a row of the rollups every five minutes. */
function lanesOf({ region, type, direction }: Cell): readonly LanePlan[] {
  const lanes = LANES[region][type];
  if (direction === 'egress') return lanes;
  switch (type) {
    case 'ISP Regional':
      return lanes.filter((lane, index) => index < 2 || lane.ipVersion === 6);
    case 'Hosting':
    case 'Neocloud':
      return lanes;
    default:
      return lanes.slice(0, 1);
  }
}

/** Joins who is at the other end (peers, pools) with the links of the example network. */
export function buildSources(network: DemoNetwork, pools: readonly RemotePool[]): Sources {
  const all: Source[] = [];
  const offsets = new Map<string, { poolOffset: number; poolLength: number }>();
  const prefixes: bigint[] = [];
  // In one order, wherever the pools come from: a position in the packed list is part of what a record is made from.
  const ordered = [...pools].sort((a, b) => (poolKey(a) < poolKey(b) ? -1 : 1));
  for (const pool of ordered) {
    offsets.set(poolKey(pool), { poolOffset: prefixes.length, poolLength: pool.prefixes.length });
    prefixes.push(...pool.prefixes);
  }

  const add = (
    cell: Cell,
    plan: LanePlan,
    asn: number,
    kind: SourceKind,
    overrides: Partial<Source> = {},
  ): number | null => {
    const place = offsets.get(poolKey({ ...cell, asn, ipVersion: plan.ipVersion }));
    if (!place) return null;
    const link = cell.type === 'Migration' ? network.onboardingLine(cell.region) : network.link(plan.link);
    const id = all.length;
    all.push({
      id,
      kind,
      region: cell.region,
      type: cell.type,
      direction: cell.direction,
      exporter: link.exporter,
      interface: link.interface,
      asn,
      ipVersion: plan.ipVersion,
      ...place,
      hosts: hostsOf(cell.type, cell.region),
      persistence: PERSISTENCE[cell.type],
      ...overrides,
    });
    return id;
  };

  const lanes = CELLS.map((cell) => {
    const planned = lanesOf(cell);
    const made = planned.map((plan, index) => {
      const peers = plan.asns
        .map((asn, rank) => ({ source: add(cell, plan, asn, 'traffic'), weight: 1 / (rank + 1) ** 0.9 }))
        .filter((peer): peer is { source: number; weight: number } => peer.source !== null);
      const total = peers.reduce((sum, peer) => sum + peer.weight, 0);
      return {
        cell,
        id: cellIndex(cell) * 16 + index,
        share: plan.share,
        peers: peers.map((peer) => ({ ...peer, weight: peer.weight / total })),
      };
    });
    const reachable = made.filter((lane) => lane.peers.length > 0);
    if (reachable.length === 0) {
      throw new Error(
        `No network of type ${cell.type} near ${cell.region} is left in the reference tables: compare clickhouse/demo/network/peers.ts with asn_types.`,
      );
    }
    const total = reachable.reduce((sum, lane) => sum + lane.share, 0);
    return reachable.map((lane) => ({ ...lane, share: lane.share / total }));
  });

  const first = (
    region: Region,
    type: NetworkType,
    direction: PlanDirection,
    kind: SourceKind,
    overrides?: Partial<Source>,
  ) =>
    LANES[region][type].flatMap((plan) =>
      plan.asns.flatMap((asn) => {
        const id = plan.ipVersion === 4 ? add({ region, type, direction }, plan, asn, kind, overrides) : null;
        return id === null ? [] : [id];
      }),
    );
  const one = (ids: readonly number[]): number => {
    const id = ids[0];
    if (id === undefined)
      throw new Error('The demo has no network for its side traffic in the reference tables.');
    return id;
  };

  return {
    backups: CELLS.map((cell) =>
      cell.direction === 'ingress' && BACKUP_SHARE[cell.type] !== undefined
        ? first(cell.region, cell.type, 'ingress', 'backup', { persistence: HOUR, hosts: 400 })
        : [],
    ),
    internal: new Map(REGIONS.map((r) => [r, one(first(r, 'ISP Tier1', 'egress', 'internal'))])),
    transit: new Map(REGIONS.map((r) => [r, one(first(r, 'ISP Tier1', 'ingress', 'transit'))])),
    unknownRate: one(first('CA-East', 'Hosting', 'ingress', 'unknownRate')),
    transfers: new Map(
      REGIONS.map((region) => [
        region,
        TRANSFER_LINES[region].flatMap(({ link, asn }) => {
          const cell: Cell = { region, type: 'Neocloud', direction: 'egress' };
          const plan: LanePlan = { link, share: 0, asns: [asn], ipVersion: 4 };
          const id = add(cell, plan, asn, 'traffic', { hosts: 3, persistence: 60 });
          return id === null ? [] : [id];
        }),
      ]),
    ),
    all,
    lanes,
    prefixes,
  };
}
