import { describe, expect, test } from 'vitest';
import { engineWithFlows } from '@/clickhouse/testing/engineWithFlows';
import { trafficMap } from '@/lib/flows/contracts/trafficMap';
import { ask } from './testing/ask';
import { addressesBy, type Slot, sumBy } from './testing/expected';
import { at, counted, flows, slots, TO } from './testing/exploreFixture';
import { answerTrafficMap } from './trafficMap';

engineWithFlows(flows);

const RANGE = 'from=2025-11-01T05:25:00Z&to=2025-11-03T17:40:00Z';
const within = (slot: Slot) => slot.at >= at('2025-11-01T05:25:00Z') && slot.at < at('2025-11-03T17:40:00Z');
const bytesOf = (matching: readonly Slot[]) => matching.reduce((sum, { bytes }) => sum + bytes, 0n);

describe('traffic map', () => {
  /** US Chicago, US Denver, DE, and nowhere: as NETWORKS has them. */
  const placeOf = ({ flow }: Slot) => `${flow.country}/${flow.metro}`;

  test('bytes of each place, step and type are those of the records, and all of them add up', async () => {
    const { rows, meta } = await ask(trafficMap, answerTrafficMap, RANGE);
    expect(meta.bucket).toBe('4 hours');
    expect(rows.steps.starts).toHaveLength(16);
    expect(rows.steps.starts[0]).toBe(at('2025-11-01T04:00:00Z'));
    expect(rows.steps.end).toBe(at('2025-11-03T20:00:00Z'));
    const mine = slots.filter((slot) => within(slot) && counted(slot));
    const found = Object.fromEntries(
      rows.places.flatMap(({ country, metro, bytes }) =>
        bytes.flatMap((step, s) =>
          step.flatMap((value, t) =>
            value === '0' ? [] : [[`${country}/${metro} ${rows.types[t]} ${rows.steps.starts[s]}`, value]],
          ),
        ),
      ),
    );
    const expected = sumBy(
      mine,
      (slot) => `${placeOf(slot)} ${slot.flow.type} ${Math.floor(slot.at / 14_400) * 14_400}`,
    );
    expect(found).toEqual(
      Object.fromEntries(
        [...expected].flatMap(([key, { bytes }]) => (bytes === 0n ? [] : [[key, String(bytes)]])),
      ),
    );
    expect(rows.total.bytes).toBe(String(bytesOf(mine)));
    expect(rows.places.map(({ country, metro }) => `${country}/${metro}`).sort()).toEqual([
      '/',
      'DE/',
      'US/Chicago',
      'US/Denver',
    ]);
  });

  test('addresses of places, countries and all are counted over whole days, and each metro has its center', async () => {
    const { rows, meta } = await ask(trafficMap, answerTrafficMap, RANGE);
    expect([rows.uniquesFrom, rows.uniquesTo]).toEqual([
      at('2025-11-01T00:00:00Z'),
      at('2025-11-04T00:00:00Z'),
    ]);
    expect(meta.notes.map(({ code }) => code)).toContain('uniques_widened');
    const mine = slots.filter(
      (slot) => counted(slot) && slot.at >= at('2025-11-01T00:00:00Z') && slot.at < TO,
    );
    const byPlace = addressesBy(mine, placeOf);
    for (const { country, metro, addresses } of rows.places)
      expect(addresses?.uniques, `${country}/${metro}`).toBe(byPlace.get(`${country}/${metro}`)?.size);
    const byCountry = addressesBy(mine, ({ flow }) => flow.country);
    expect(rows.countries.map(({ country, addresses }) => [country, addresses.uniques]).sort()).toEqual([
      ['DE', byCountry.get('DE')?.size],
      ['US', byCountry.get('US')?.size],
    ]);
    const everybody = addressesBy(mine, () => '').get('')?.size ?? 0;
    expect(rows.total.addresses?.uniques).toBe(everybody);
    const magnitude = (Number(bytesOf(mine)) * 8) / everybody;
    expect((rows.total.addresses?.magnitude ?? 0) / magnitude).toBeCloseTo(1, 9);
    const chicago = rows.places.find(({ metro }) => metro === 'Chicago');
    expect(chicago?.center).toEqual({ latitude: 41.88, longitude: -87.63 });
  });

  test('arcs and the rest of them hold every byte both ways, and a region is where the file says', async () => {
    const { rows } = await ask(trafficMap, answerTrafficMap, `${RANGE}&ip=4`);
    const mine = slots.filter((slot) => within(slot) && counted(slot) && slot.flow.ip === 4);
    const way = (direction: string) => (slot: Slot) => slot.flow.direction === direction;
    const key = (slot: Slot) => `${slot.flow.region} ${placeOf(slot)}`;
    for (const { region, country, metro, ingress, egress } of rows.arcs) {
      const these = mine.filter((slot) => key(slot) === `${region} ${country}/${metro}`);
      expect([ingress, egress]).toEqual([
        String(bytesOf(these.filter(way('ingress')))),
        String(bytesOf(these.filter(way('egress')))),
      ]);
    }
    expect(rows.arcs).toHaveLength(9);
    const nowhere = mine.filter((slot) => slot.flow.country === '');
    expect(rows.arcsRest).toEqual({
      ingress: String(bytesOf(nowhere.filter(way('ingress')))),
      egress: String(bytesOf(nowhere.filter(way('egress')))),
    });
    expect(rows.regions).toEqual([
      { region: 'EU-Central', center: null },
      { region: 'US-East', center: null },
      { region: 'US-West', center: { latitude: 37.4, longitude: -121.9 } },
    ]);
  });

  test.each([
    ['from=2025-11-02T00:00:00Z&to=2025-11-03T00:00:00Z&dir=egress', '1 hour', 24],
    ['from=2025-11-02T05:30:00Z&to=2025-11-02T09:10:00Z&dir=egress', '15 minutes', 15],
    ['from=2025-11-01T04:00:00Z&to=2025-11-04T05:00:00Z&zone=America/New_York&dir=egress', '4 hours', 18],
    // 37 months, two to a step.
    ['from=2023-01-01T00:00:00Z&to=2026-02-01T00:00:00Z&dir=egress', '1 month', 19],
  ])('%s has steps of %s that hold every byte', async (query, bucket, steps) => {
    const { rows, meta } = await ask(trafficMap, answerTrafficMap, query);
    expect(meta.bucket).toBe(bucket);
    expect(rows.steps.starts).toHaveLength(steps);
    const mine = slots.filter(
      (slot) => slot.at >= meta.from && slot.at < meta.to && slot.flow.direction === 'egress',
    );
    expect(meta.widened).toBeNull();
    expect(rows.total.bytes).toBe(String(bytesOf(mine)));
    expect(rows.arcs.every(({ ingress }) => ingress === '0')).toBe(true);
  });
});
