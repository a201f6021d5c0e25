import type { Meta } from '@/lib/flows/contracts/envelope';
import type { HeadlineFigures, HeadlineRows } from '@/lib/flows/contracts/headline';
import type { Direction } from '@/lib/flows/direction';
import { formatDuration, formatShare, formatValue, type Quantity } from './format';
import { clockText, dayText, rangeText } from './timeText';

/** One figure of the headline and what it is compared by. */
export interface HeadlineFigure {
  readonly label: string;
  readonly title: string;
  readonly quantity: Quantity;
  readonly now: number | null;
  /** what `was` says of the period before */
  readonly before: number | null;
  /** relative change, 0.1 = 10 % more; null = there is nothing to compare with */
  readonly change: number | null;
  readonly detail: string;
  /** the hours that the figure is of, where they are not the range */
  readonly of: string;
  /** why the change cannot be told; '' where it can */
  readonly incomparable: string;
}

const DAY = 86_400;

/** Exporter time of the two periods may differ by this part of it. */
const COVERAGE_TOLERANCE = 0.02;

/** Stretches are of one length where they differ by less; months and quarters do not. */
const LENGTH_TOLERANCE = 0.02;

/**
 * Distinct addresses grow with the records that are seen. A period with this many times the records for each byte (another sampling
 * rate, other timeouts) shows more addresses of the same traffic.
 */
const DENSITY_FACTOR = 1.5;

/**
 * The figures of the scope, each with its change against the previous period, or why it has none. Rates are compared over covered time;
 * volume by the same, so that minutes on their way are no fall; addresses only over equal and complete stretches.
 */
export function prepareHeadline(
  rows: HeadlineRows,
  meta: Pick<Meta, 'watermark' | 'zone'>,
  options: { direction: Direction; unit: 'bits' | 'bytes' },
): HeadlineFigure[] {
  const { current, previous } = rows;
  const bits = options.unit === 'bits';
  const rate: Quantity = bits ? 'bit/s' : 'B/s';
  const scaled = (value: number | null | undefined): number | null =>
    value === null || value === undefined ? null : bits ? value : value / 8;
  // Nobody was listening: unknown, not zero.
  const known = current.coveredSeconds > 0 || current.volume !== '0';
  const volume = (figures: HeadlineFigures | null): number | null =>
    figures && Number(figures.volume) * (bits ? 8 : 1);
  const uneven = previous ? unevenTime(current, previous, meta.watermark) : '';
  const unlike = previous ? uneven || unlikeAddresses(current, previous, meta.watermark) : '';
  const hours = hoursText(current, meta.zone);
  const rateFigure = (label: string, title: string, pick: 'meanRate' | 'p95', detail: string) => ({
    label,
    title,
    quantity: rate,
    now: scaled(current[pick]),
    before: scaled(previous?.[pick]),
    change: changeOf(current[pick], previous?.[pick]),
    detail,
    of: '',
    incomparable: uneven,
  });
  return [
    {
      label: 'Volume',
      title: 'All bytes that crossed the boundary in the range; its change is that of the covered time',
      quantity: bits ? 'bit' : 'B',
      now: known ? volume(current) : null,
      before: volume(previous),
      change: volumeChange(current, previous),
      detail: known
        ? `${formatValue(Number(current.packets), 'count')} packets`
        : 'no expected exporter was heard',
      of: '',
      incomparable: uneven,
    },
    rateFigure(
      'Mean rate',
      'Bits of the covered time divided by the covered seconds',
      'meanRate',
      current.coverage === null ? '' : `${formatShare(current.coverage)} covered`,
    ),
    rateFigure(
      'p95 of 5-minute means',
      'Number ceil(0.95 N) of the N covered 5-minute means of the drawn direction, sorted ascending',
      'p95',
      !known
        ? ''
        : options.direction === 'both'
          ? `in ${formatValue(scaled(current.p95Ingress), rate)}, out ${formatValue(scaled(current.p95Egress), rate)}`
          : options.direction,
    ),
    {
      label: 'Remote addresses',
      title: 'Distinct remote addresses (IPv4 /32, IPv6 /64), merged from sketches and never added',
      quantity: 'count',
      now: known ? current.uniques : null,
      before: previous?.uniques ?? null,
      change: changeOf(current.uniques, previous?.uniques),
      detail: !known
        ? ''
        : current.uniques === null
          ? 'not kept for these filters'
          : current.uniquesPlusMinus === 0
            ? 'counted exactly'
            : `\u00b1 ${formatValue(current.uniquesPlusMinus, 'count')}`,
      of: known && current.uniques !== null ? hours : '',
      incomparable: unlike,
    },
    {
      label: 'Bits per address',
      title: 'Magnitude: volume in bits divided by distinct remote addresses, both of the same hours',
      quantity: 'bit',
      now: current.magnitude,
      before: previous?.magnitude ?? null,
      change: changeOf(current.magnitude, previous?.magnitude),
      detail:
        current.magnitude === null || current.uniques === null
          ? ''
          : `${formatValue(current.magnitude * current.uniques, 'bit')} / ${formatValue(current.uniques, 'count')}`,
      of: known && current.magnitude !== null ? hours : '',
      incomparable: unlike,
    },
  ];
}

/** What the figures are compared with, or why with nothing. */
export function comparisonText(rows: HeadlineRows, zone: string): string {
  const { previous, previousMissing } = rows;
  if (previous) return `Compared with ${rangeText(previous.from, previous.to, zone)}`;
  if (previousMissing === 'not_retained')
    return 'The compared period is no longer kept: nothing to compare with';
  if (previousMissing === 'no_data') return 'No data in the compared period: nothing to compare with';
  return 'Not compared';
}

/** The reasons that keep figures from being compared, each once with the figures it is about. */
export function incomparableText(figures: readonly HeadlineFigure[]): string[] {
  const reasons = [...new Set(figures.map(({ incomparable }) => incomparable))].filter(Boolean);
  return reasons.map((reason) => {
    const labels = figures.filter(({ incomparable }) => incomparable === reason).map(({ label }) => label);
    const names = labels.length === figures.length ? 'Nothing' : labels.join(' and ');
    return labels.length === figures.length
      ? `Not comparable: ${reason}`
      : `${names} not comparable: ${reason}`;
  });
}

function changeOf(now: number | null | undefined, before: number | null | undefined): number | null {
  if (now === null || now === undefined || before === null || before === undefined || before === 0)
    return null;
  return now / before - 1;
}

/** Whole periods by their sums; a period whose last minutes are on their way by the rate of what is complete. */
function volumeChange(current: HeadlineFigures, previous: HeadlineFigures | null): number | null {
  if (previous === null) return null;
  const whole = current.coveredSeconds === current.to - current.from;
  return whole && previous.coveredSeconds === previous.to - previous.from
    ? changeOf(Number(current.volume), Number(previous.volume))
    : changeOf(current.meanRate, previous.meanRate);
}

/** Why rates of the two periods are of unlike stretches; '' where they are not. */
function unevenTime(current: HeadlineFigures, previous: HeadlineFigures, watermark: number | null): string {
  const settled = Math.max(0, Math.min(current.to, watermark ?? current.from) - current.from);
  const before = previous.to - previous.from;
  if (settled === 0) return 'nothing of this range is complete yet';
  const stillArriving = settled < current.to - current.from;
  if (stillArriving && Math.abs(settled / before - 1) > LENGTH_TOLERANCE)
    return `${formatDuration(settled)} of this range are complete, and ${formatDuration(before)} of the compared one`;
  // Before its first record an exporter is not expected, so coverage alone does not see that the period before has data of its end only.
  if (Math.abs(current.coveredSeconds / settled - previous.coveredSeconds / before) > COVERAGE_TOLERANCE)
    return `${formatDuration(current.coveredSeconds)} of this range have data, and ${formatDuration(previous.coveredSeconds)} of the compared one`;
  const [now, then] = [current.coverage ?? 0, previous.coverage ?? 0];
  if (Math.abs(now - then) > COVERAGE_TOLERANCE)
    return `exporters were heard for ${formatShare(now)} of this range, and ${formatShare(then)} of the compared one`;
  return '';
}

/** Why the distinct addresses of the two periods cannot be held against each other; '' where they can. */
function unlikeAddresses(
  current: HeadlineFigures,
  previous: HeadlineFigures,
  watermark: number | null,
): string {
  if (watermark === null || Math.max(current.uniquesTo, previous.uniquesTo) > watermark)
    return 'addresses are of whole hours, and the last one is still arriving';
  if (previous.uniquesTo > current.uniquesFrom && previous.uniquesFrom < current.uniquesTo)
    return 'addresses are of whole hours, and those of the two periods overlap';
  const length = current.uniquesTo - current.uniquesFrom;
  const before = previous.uniquesTo - previous.uniquesFrom;
  if (Math.abs(length / before - 1) > LENGTH_TOLERANCE)
    return `addresses of ${formatDuration(length)} against those of ${formatDuration(before)}`;
  const density = recordsPerByte(current) / recordsPerByte(previous);
  if (density > DENSITY_FACTOR)
    return `${density.toFixed(1)} times as many flow records for each byte as before: more records show more addresses`;
  if (density < 1 / DENSITY_FACTOR)
    return `${(1 / density).toFixed(1)} times fewer flow records for each byte than before: fewer records show fewer addresses`;
  return '';
}

function recordsPerByte({ flowRecords, volume }: HeadlineFigures): number {
  return Number(flowRecords) / Math.max(1, Number(volume));
}

function hoursText({ from, to, uniquesFrom, uniquesTo }: HeadlineFigures, zone: string): string {
  if (uniquesFrom === from && uniquesTo === to) return '';
  const clocks = [clockText(uniquesFrom, zone), clockText(uniquesTo, zone)] as const;
  const days = [dayText(uniquesFrom, zone), dayText(uniquesTo, zone)] as const;
  const length = uniquesTo - uniquesFrom;
  if (length < DAY && days[0] === dayText(uniquesTo - 1, zone))
    return `of whole hours, ${clocks[0]}\u2013${clocks[1]}`;
  // A range that may cross a year names it.
  return length > 300 * DAY
    ? `of ${rangeText(uniquesFrom, uniquesTo, zone)}`
    : `of ${days[0]} ${clocks[0]} \u2013 ${days[1]} ${clocks[1]}`;
}
