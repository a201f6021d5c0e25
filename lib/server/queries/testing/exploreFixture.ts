import type { ClickHouseClient } from '@clickhouse/client';
import ipaddr from 'ipaddr.js';
import type { ExploreColumns } from '@/lib/flows/contracts/exploreOverTime';
import type { Dimension } from '@/lib/flows/dimensions';
import { forgetFacts } from '../facts';
import { minuteSlots, type Slot, sumBy } from './expected';
import { randomFlows, type TestFlow } from './randomFlows';

/** Three days of records for the tests of Explore, and what they come to, worked out without the code under test. */

export const at = (text: string) => Date.parse(text) / 1000;
export const HOUR = 3_600;
export const FROM = at('2025-11-01T00:00:00Z');
export const TO = at('2025-11-04T00:00:00Z');
/** Two whole days, the day before them is compared. */
export const RANGE = 'from=2025-11-02T00:00:00Z&to=2025-11-04T00:00:00Z';
export const range = { from: at('2025-11-02T00:00:00Z'), to: TO };

export const flows = randomFlows(91, 4_000, FROM * 1000, (TO - 2 * HOUR) * 1000);
export const slots = minuteSlots(flows);

/** Days that raw flows are kept; 0 = for ever. */
export async function keepFlows(owner: ClickHouseClient, days: number): Promise<void> {
  await owner.insert({
    table: 'retention',
    values: [
      {
        table_name: 'flows',
        keep_days: days,
        set_at: new Date().toISOString().slice(0, 23).replace('T', ' '),
      },
    ],
    format: 'JSONEachRow',
  });
  forgetFacts();
}

const withLength = (flow: TestFlow, address: string, length: number) =>
  flow.ip === 4 ? address : `${ipaddr.parse(address)}/${length}`;

/** The key of each dimension, from the test's own records. */
export const KEY: Record<Dimension, (flow: TestFlow) => string> = {
  type: (flow) => flow.type,
  region: (flow) => flow.region,
  direction: (flow) => flow.direction,
  ip: (flow) => String(flow.ip),
  linkKind: (flow) => flow.linkKind,
  provider: (flow) => flow.provider,
  exporter: (flow) => flow.exporter,
  interface: (flow) => `${flow.exporter} ${flow.interface}`,
  asn: (flow) => String(flow.asn),
  country: (flow) => flow.country,
  metro: (flow) => flow.metro,
  protocol: (flow) => String(flow.protocol),
  servicePort: (flow) => String(flow.servicePort),
  remotePrefix: (flow) =>
    flow.ip === 4 ? `${flow.remotePrefix}/24` : `${ipaddr.parse(flow.remotePrefix)}/48`,
  remoteAddress: (flow) => withLength(flow, flow.remoteAddress, 64),
  localAddress: (flow) => withLength(flow, flow.localAddress, 64),
};

export const counted = (slot: Slot) => ['ingress', 'egress'].includes(slot.flow.direction);
export const inRange = slots.filter((slot) => counted(slot) && slot.at >= range.from && slot.at < range.to);
export const bucketOf = (seconds: number) => (slot: Slot) => slot.at - (slot.at % seconds);

/** Sums of a series' buckets as the records say, in the order of the answer's buckets. */
export function expectedSums(
  rows: ExploreColumns,
  among: readonly Slot[],
  seconds: number,
  value: 'bytes' | 'packets' | 'flowRecords',
) {
  const sums = sumBy(among, (slot) => String(bucketOf(seconds)(slot)));
  return rows.buckets.map((start) => String(sums.get(String(start))?.[value] ?? 0n));
}
