import { NETWORK_TYPES } from '@/lib/flows/networkTypes';
import { readDemoNetwork } from '../network/demoNetwork';
import { LANES, TRANSFER_LINES } from '../network/peers';
import type { RemotePool } from '../network/remotePools';
import { buildSources } from '../network/sources';
import { planCurves } from '../plan/curve';
import { densityFor } from '../plan/density';
import { REGIONS } from '../plan/regions';
import type { PlanContext } from '../plan/rows';

/** A pool of one prefix for every network that the demo plays, without any reference table. */
export function fakePools(): RemotePool[] {
  const pools = new Map<string, RemotePool>();
  for (const region of REGIONS) {
    for (const type of NETWORK_TYPES) {
      for (const { asns, ipVersion } of LANES[region][type]) {
        for (const asn of asns) {
          pools.set(`${region}|${type}|${asn}|${ipVersion}`, {
            region,
            type,
            asn,
            ipVersion,
            prefixes: [16_909_056n],
          });
        }
      }
    }
    for (const { asn } of TRANSFER_LINES[region]) {
      const pool: RemotePool = { region, type: 'Neocloud', asn, ipVersion: 4, prefixes: [16_909_056n] };
      pools.set(`${region}|Neocloud|${asn}|4`, pool);
    }
  }
  return [...pools.values()];
}

/** The plan of a demo of about `records` records over `days` days, without a database. */
export async function planWithoutDatabase(seed = 42, records = 10_000_000, days = 509): Promise<PlanContext> {
  const network = await readDemoNetwork();
  const sources = buildSources(network, fakePools());
  return {
    seed,
    network,
    sources,
    curves: planCurves(seed, network.migrationOpen),
    density: densityFor(sources, records, days),
  };
}
