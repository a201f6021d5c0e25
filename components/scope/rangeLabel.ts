import { MONTHS } from '@/lib/charts/timeText';
import { asFiscalQuarter, fiscalQuarterName } from '@/lib/flows/fiscal';
import { presetLabel, type TimeRange } from '@/lib/flows/presets';
import type { RangeChoice } from '@/lib/flows/scope';

/**
 * The name of a chosen range, or null where two instants have none. Where fiscal years do not begin in January, a fiscal quarter is
 * called by its name there.
 */
export function rangeLabel(choice: RangeChoice, range: TimeRange, fiscalStart: number): string | null {
  const fiscal = fiscalStart === 1 ? null : asFiscalQuarter(range, fiscalStart);
  const name = choice.kind === 'preset' ? presetLabel(choice.preset) : null;
  if (fiscal === null) return name;
  return name === null ? fiscalQuarterName(fiscal) : `${name} (${fiscalQuarterName(fiscal)})`;
}

/** "FY27 Q1 (Feb–Apr 2026)": with its months, since companies count years differently. */
export function fiscalQuarterLabel(range: TimeRange, fiscalStart: number): string {
  const quarter = asFiscalQuarter(range, fiscalStart);
  const [first, last] = [new Date(range.from * 1000), new Date((range.to - 1) * 1000)];
  const month = (date: Date) => MONTHS[date.getUTCMonth()] ?? '';
  const year = first.getUTCFullYear() === last.getUTCFullYear() ? '' : ` ${first.getUTCFullYear()}`;
  const months = `${month(first)}${year}\u2013${month(last)} ${last.getUTCFullYear()}`;
  return quarter === null ? months : `${fiscalQuarterName(quarter)} (${months})`;
}
