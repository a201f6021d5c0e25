import 'server-only';
import type { Request } from '@/lib/flows/contracts/contract';
import type { Answer, Note } from '@/lib/flows/contracts/envelope';
import {
  type MapPlace,
  MOST_ARCS,
  MOST_STEPS,
  type PlaceAddresses,
  type TrafficMapRows,
} from '@/lib/flows/contracts/trafficMap';
import { compareNetworkTypes } from '@/lib/flows/networkTypes';
import type { Plan } from '@/lib/flows/plan';
import type { TimeRange } from '@/lib/flows/presets';
import type { Scope } from '@/lib/flows/scope';
import type { QueryContext } from '@/lib/server/clickhouse/execute';
import { askedRange, chooseFor } from './asked';
import { axisOf } from './axis';
import { comparedPeriods } from './comparedPeriods';
import { coverageFor, loadCoveredRuns } from './coverage';
import { type Facts, loadFacts } from './facts';
import { geoNotes } from './geoNotes';
import { metroCenters, regionCenters } from './map/centers';
import { type FoldedSteps, foldSteps } from './map/foldSteps';
import { mapPlan } from './map/mapPlan';
import {
  type ArcSums,
  loadArcs,
  loadSeries,
  loadTopMetros,
  loadUniques,
  mapSlots,
  type PlaceSeries,
  type PlaceUniques,
} from './map/mapSums';
import { metaOf } from './meta';
import { add } from './rows';
import { typeNotes } from './typeNotes';
import { magnitudeOf, plusMinusOf } from './uniques';

/** Bytes by place, network type and step of time, distinct addresses by place, and what flows between our regions and places. */
export async function answerTrafficMap(
  { scope }: Request<unknown>,
  context: QueryContext,
): Promise<Answer<TrafficMapRows>> {
  const started = performance.now();
  const facts = await loadFacts();
  const asked = askedRange(scope, facts.now);
  const plan = mapPlan(scope, facts, asked);
  const slots = mapSlots(scope, facts, plan);
  const [metros, runs, centerOfMetro, centerOfRegion] = await Promise.all([
    loadTopMetros(context, slots),
    loadCoveredRuns(context, facts, plan),
    metroCenters(),
    regionCenters(),
  ]);
  const counting = uniquesPlan(scope, facts, asked);
  const [series, arcs, uniques] = await Promise.all([
    loadSeries(context, slots, plan, scope.zone, metros),
    loadArcs(context, slots, metros),
    'plan' in counting ? loadUniques(context, scope, facts, counting.plan, metros) : null,
  ]);
  const coverage = coverageFor(runs, facts, plan, scope.filters);
  const steps = foldSteps(axisOf(plan, scope.zone, coverage), MOST_STEPS);
  const types = [...new Set(series.map(({ type }) => type))].sort(compareNetworkTypes);
  const addressesOf = uniques && addressesIn(uniques);
  const places = placesOf(series, types, steps).map(
    ({ country, metro, bytes }): MapPlace => ({
      country,
      metro,
      center: metro === '' ? null : centerOfMetro(country, metro),
      bytes: bytes.map((step) => step.map(String)),
      addresses: addressesOf?.(`=${country}`, `=${metro}`) ?? null,
    }),
  );
  const heaviest = [...arcs].sort(byVolume);
  const drawn = heaviest.filter(({ country }) => country !== '').slice(0, MOST_ARCS);
  const rest = heaviest.filter((arc) => !drawn.includes(arc));
  const rows: TrafficMapRows = {
    types,
    steps: { starts: steps.starts, end: steps.end, seconds: steps.seconds },
    places,
    countries: [...new Set(places.map(({ country }) => country))].filter(Boolean).flatMap((country) => {
      const addresses = addressesOf?.(`=${country}`, '');
      return addresses ? [{ country, addresses }] : [];
    }),
    total: {
      bytes: String(add(places.flatMap(({ bytes }) => bytes.flat()))),
      addresses: addressesOf?.('', '') ?? null,
    },
    regions: [...new Set(arcs.map(({ region }) => region))]
      .sort()
      .map((region) => ({ region, center: centerOfRegion(region) })),
    arcs: drawn.map(({ place, ...arc }) => ({ ...arc, metro: place })),
    arcsRest: {
      ingress: String(add(rest.map(({ ingress }) => ingress))),
      egress: String(add(rest.map(({ egress }) => egress))),
    },
    uniquesFrom: 'plan' in counting ? counting.plan.from : null,
    uniquesTo: 'plan' in counting ? counting.plan.to : null,
    geoVersion: facts.geoVersion,
  };
  const notes = [...counting.notes, ...geoNotes(facts), ...(await typeNotes(plan, facts))];
  return { rows, meta: metaOf(context, { plan, asked, zone: scope.zone, coverage, facts, started, notes }) };
}

type Counting = { plan: Plan; notes: Note[] } | { notes: Note[] };

/** Addresses by place are kept for fewer periods than sums; without them the map still stands. */
function uniquesPlan(scope: Scope, facts: Facts, asked: TimeRange): Counting {
  const choice = chooseFor(scope, facts, {
    measure: 'magnitude',
    dimensions: ['country', 'metro'],
    // The hours that the headline counts too.
    range: comparedPeriods(asked, null, facts.watermark).current.uniques,
    axis: false,
  });
  if ('refusal' in choice) {
    const { why, change } = choice.refusal;
    return { notes: [{ code: 'no_uniques', text: `No addresses by place: ${why}. ${change}` }] };
  }
  const { plan } = choice;
  return {
    plan,
    notes: plan.widened === null ? [] : [{ code: 'uniques_widened', text: `Addresses: ${plan.widened}` }],
  };
}

function addressesIn(rows: readonly PlaceUniques[]) {
  const known = new Map(rows.map((row) => [`${row.country} ${row.place}`, row]));
  return (country: string, place: string): PlaceAddresses | null => {
    const row = known.get(`${country} ${place}`);
    if (!row) return null;
    return {
      uniques: row.addresses,
      uniquesPlusMinus: plusMinusOf(row.addresses),
      magnitude: magnitudeOf(row.bytes, row.addresses),
    };
  };
}

interface Place {
  country: string;
  metro: string;
  bytes: bigint[][];
}

/** Every place with its bytes by step and type, heaviest first. */
function placesOf(series: readonly PlaceSeries[], types: readonly string[], steps: FoldedSteps): Place[] {
  const places = new Map<string, Place & { total: bigint }>();
  for (const { country, place, type, starts, bytes } of series) {
    const key = `${country} ${place}`;
    const found = places.get(key) ?? {
      country,
      metro: place,
      bytes: steps.starts.map(() => types.map(() => 0n)),
      total: 0n,
    };
    places.set(key, found);
    const t = types.indexOf(type);
    starts.forEach((start, i) => {
      const row = found.bytes[steps.stepOf(start) ?? -1];
      if (!row) throw new Error(`step ${start} is not one of ${steps.starts[0]} to ${steps.end}`);
      const sum = BigInt(bytes[i] ?? '0');
      row[t] = (row[t] ?? 0n) + sum;
      found.total += sum;
    });
  }
  return [...places.values()]
    .sort((a, b) => (a.total === b.total ? (a.metro < b.metro ? -1 : 1) : a.total > b.total ? -1 : 1))
    .map(({ country, metro, bytes }) => ({ country, metro, bytes }));
}

function byVolume(a: ArcSums, b: ArcSums): number {
  const one = BigInt(a.ingress) + BigInt(a.egress);
  const other = BigInt(b.ingress) + BigInt(b.egress);
  return one === other ? 0 : one > other ? -1 : 1;
}
