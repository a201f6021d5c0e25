import type { ClickHouseClient } from '@clickhouse/client';
import { select } from '../../demo/target';
import { addressesBy } from '../panels/asks';
import { RANGES, type RangeName, scopeOf } from '../panels/ranges';
import { OTHER_BARS } from '../report/bars';

export interface UniquesCell {
  range: RangeName;
  region: string;
  type: string;
  exact: number;
  counted: number;
  /** (counted - exact) / exact */
  error: number;
  /** too few addresses for the bar to hold for it */
  small: boolean;
}

/** Every cell of the heatmap, as the product counts it, against a count of the raw addresses that forgets none. */
export async function uniquesError(owner: ClickHouseClient): Promise<UniquesCell[]> {
  const cells: UniquesCell[] = [];
  for (const range of ['month', 'quarter'] as const) {
    const { from, to } = RANGES[range];
    const { rows } = await addressesBy('uniques error', scopeOf(range), ['region', 'type']);
    // An address counts in every slot that its record touches, so also in the month into which one reaches.
    const exact = await select<{ region: string; type: string; addresses: string }>(
      owner,
      `SELECT toString(region) AS region, toString(network_type) AS type, toString(uniqExact(remote_address)) AS addresses FROM flows
       WHERE counted = 1 AND direction IN ('ingress', 'egress') AND ts_start >= toDateTime64({from:String}, 3, 'UTC') - INTERVAL 1 HOUR AND ts_start < toDateTime64({to:String}, 3, 'UTC')
         AND (ts_start >= toDateTime64({from:String}, 3, 'UTC') OR ts_end > toDateTime64({from:String}, 3, 'UTC'))
       GROUP BY region, type ORDER BY region, type`,
      { from: `${from}.000`, to: `${to}.000` },
    );
    for (const { region, type, addresses } of exact) {
      const known = Number(addresses);
      const counted = rows.find(({ keys }) => keys[0] === region && keys[1] === type)?.addresses ?? 0;
      cells.push({
        range,
        region,
        type,
        exact: known,
        counted,
        error: (counted - known) / known,
        small: known < OTHER_BARS.uniquesCell,
      });
    }
    if (rows.length !== exact.length)
      throw new Error(
        `The heatmap of the ${range} has ${rows.length} cells, raw flows have ${exact.length}.`,
      );
  }
  return cells;
}
