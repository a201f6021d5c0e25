import type { DoubleCountingRows } from '@/lib/flows/contracts/doubleCounting';
import type { ExporterQuality, ExporterQualityRows } from '@/lib/flows/contracts/exporterQuality';
import { QUALITY_FLAG_TEXT, type QualityFlag } from '@/lib/flows/qualityFlags';
import { UNKNOWN_LOSS } from '@/lib/flows/sequenceLoss';
import { countCell, NOTHING, shareCell, shareOfCounts } from './countCell';
import {
  CLAMPED,
  DOUBT_COLUMNS,
  EXPORTER_STATES,
  type ExporterState,
  HIGH_LOSS,
  SENDING_COLUMNS,
} from './exporterColumns';
import { formatDuration, formatShare, formatValue, groupDigits, MINUS, THIN_SPACE } from './format';
import { type Cell, plain, type TableModel } from './tableModel';
import { agoText, instantText } from './timeText';

/** Silence is a fault only of an exporter that is expected. */
export function stateOf({
  retired,
  lastReceived,
  expected,
  silent,
  configured,
}: ExporterQuality): ExporterState {
  if (retired) return 'retired';
  if (lastReceived === null) return 'never';
  if (expected && silent) return 'silent';
  return configured ? 'sending' : 'unconfigured';
}

const TONES = {
  sending: 'good',
  silent: 'bad',
  never: 'bad',
  retired: 'muted',
  unconfigured: 'warn',
} as const;

/** Who sends, and whether its counters can be scaled. Expected first, then by name. */
export function prepareSending(rows: ExporterQualityRows, now: number, zone: string): TableModel {
  return {
    columns: SENDING_COLUMNS,
    rows: ordered(rows.exporters).map((exporter) => {
      const state = stateOf(exporter);
      const seen = exporter.lastReceived;
      return {
        key: exporter.exporter,
        cells: [
          nameCell(exporter),
          plain(exporter.regions.join(', '), 'plain'),
          {
            text: EXPORTER_STATES[state].text,
            exact: state,
            title: EXPORTER_STATES[state].meaning,
            tone: TONES[state],
          },
          seen === null
            ? NOTHING
            : {
                text: agoText(seen, now),
                exact: new Date(seen * 1000).toISOString(),
                title: `${instantText(seen, zone)} (${zone})`,
              },
          perSecond(exporter.recordsPerSecondNow),
          perSecond(exporter.recordsPerSecond),
          coverageCell(exporter.coverage),
          exporter.configuredRate === null ? NOTHING : rateCell(exporter.configuredRate),
          ratesCell(exporter),
          shareCell(exporter.flowRecords === '0' ? null : exporter.unknownRateShare, 'bad'),
        ],
      };
    }),
  };
}

const SAID_ELSEWHERE: readonly string[] = [...CLAMPED, 'unknownSamplingRate', 'implausibleRate'];

/** What is doubtful about each exporter's records. */
export function prepareDoubts(rows: ExporterQualityRows, double: DoubleCountingRows | null): TableModel {
  return {
    columns: DOUBT_COLUMNS,
    rows: ordered(rows.exporters).map((exporter) => {
      const count = (flag: string) => exporter.flags.find((each) => each.flag === flag)?.records ?? '0';
      const share = (records: string): Cell => ({
        ...countCell(records, 'warn'),
        title: `${groupDigits(records)} of ${groupDigits(exporter.records)} records, ${formatShare(shareOfCounts(records, exporter.records))}`,
      });
      const twice = double?.exporters.find((each) => each.exporter === exporter.exporter);
      return {
        key: exporter.exporter,
        cells: [
          nameCell(exporter),
          countCell(exporter.records),
          lagCell(exporter, 'median'),
          lagCell(exporter, 'p99'),
          ...CLAMPED.map((flag) => share(count(flag))),
          share(exporter.implausibleRecords),
          othersCell(exporter),
          shareCell(exporter.unknownBoundaryShare, 'warn'),
          twice === undefined
            ? NOTHING
            : {
                ...shareCell(twice.sharedShare, 'warn'),
                ...(twice.with.length > 0 ? { title: `also seen by ${twice.with.join(', ')}` } : {}),
              },
          duplicatesCell(exporter),
          lossCell(exporter),
        ],
      };
    }),
  };
}

function ordered(exporters: readonly ExporterQuality[]): ExporterQuality[] {
  return [...exporters].sort((a, b) => Number(b.expected) - Number(a.expected) || (a.name < b.name ? -1 : 1));
}

function nameCell({ name, exporter, formats }: ExporterQuality): Cell {
  const from = formats.map(({ format }) => format).join(', ');
  return {
    text: name,
    exact: exporter,
    ...(name === exporter ? {} : { sub: exporter }),
    title: from === '' ? exporter : `${exporter}, from ${from}`,
  };
}

/** Below this a day is partial (metrics: quarters). */
const LOW_COVERAGE = 0.98;

function coverageCell(coverage: number | null): Cell {
  const cell = shareCell(coverage);
  return coverage !== null && coverage < LOW_COVERAGE
    ? { ...cell, tone: coverage === 0 ? 'bad' : 'warn' }
    : cell;
}

function perSecond(value: number | null): Cell {
  if (value === null) return NOTHING;
  return { text: formatValue(value, 'count'), exact: String(value), tone: value === 0 ? 'muted' : 'plain' };
}

function rateCell(rate: number): Cell {
  return { text: `1${THIN_SPACE}:${THIN_SPACE}${groupDigits(String(rate))}`, exact: String(rate) };
}

const RATES_SHOWN = 3;

function ratesCell({ rates, records }: ExporterQuality): Cell {
  if (rates.length === 0) return NOTHING;
  const name = (rate: number) =>
    rate === 0 ? '?' : `1${THIN_SPACE}:${THIN_SPACE}${groupDigits(String(rate))}`;
  const more = rates.length - RATES_SHOWN;
  return {
    text: `${rates
      .slice(0, RATES_SHOWN)
      .map(({ rate }) => name(rate))
      .join(', ')}${more > 0 ? ` +${more}` : ''}`,
    exact: rates.map(({ rate, records: count }) => `${rate === 0 ? 'unknown' : rate}=${count}`).join(' '),
    title: rates
      .map(
        ({ rate, records: count }) =>
          `${rate === 0 ? 'unknown' : name(rate)}: ${formatShare(shareOfCounts(count, records))} of records`,
      )
      .join('; '),
  };
}

/** A wait beyond this is a clock or a timeout that somebody should look at: the longest usual active timeout. */
const LONG_LAG = 1_800;

function lagCell({ lag }: ExporterQuality, which: 'median' | 'p99'): Cell {
  if (lag === null) return { ...NOTHING, title: 'its records have no time of receipt of their own' };
  const seconds = lag[which];
  return {
    text: seconds < 0 ? `${MINUS}${formatDuration(-seconds)}` : formatDuration(seconds),
    exact: String(seconds),
    title: `of ${groupDigits(lag.records)} records with a time of receipt`,
    tone: Math.abs(seconds) > LONG_LAG ? 'warn' : 'plain',
  };
}

function othersCell({ flags, records }: ExporterQuality): Cell {
  const others = flags.filter(({ flag }) => !SAID_ELSEWHERE.includes(flag));
  const [first] = others;
  if (first === undefined) return NOTHING;
  const words = (flag: string) => QUALITY_FLAG_TEXT[flag as QualityFlag] ?? flag;
  return {
    text: `${flagName(first.flag)} ${formatShare(shareOfCounts(first.records, records))}${others.length > 1 ? ` +${others.length - 1}` : ''}`,
    exact: others.map(({ flag, records: count }) => `${flag}=${count}`).join(' '),
    title: others.map(({ flag, records: count }) => `${groupDigits(count)}: ${words(flag)}`).join('; '),
    tone: 'muted',
  };
}

const NOT_COUNTED =
  'nothing was counted by exporter: it came before this was kept, or its batches were computed';

function notKnown(title: string, tone: 'muted' | 'warn' = 'muted'): Cell {
  return { text: 'not known', exact: 'not known', title, tone };
}

function duplicatesCell({ receipts, formats }: ExporterQuality): Cell {
  if (receipts === null) return formats.length === 0 ? NOTHING : notKnown(NOT_COUNTED);
  const came = add([receipts.accepted, receipts.duplicates, receipts.rejected]);
  return {
    ...countCell(receipts.duplicates, 'warn'),
    title: `${groupDigits(receipts.duplicates)} of ${groupDigits(came)} records received, ${formatShare(shareOfCounts(receipts.duplicates, came))}`,
  };
}

function lossCell({ loss, formats }: ExporterQuality): Cell {
  if (loss === null) return formats.length === 0 ? NOTHING : notKnown(NOT_COUNTED);
  if (loss.share === null) {
    const reason = loss.unknown === null ? '' : UNKNOWN_LOSS[loss.unknown];
    return notKnown(reason, loss.unknown === 'mostlyMissing' ? 'warn' : 'muted');
  }
  const parts = [
    `${groupDigits(loss.missing)} of ${groupDigits(loss.expected)} packets or records are missing from the sequence`,
    ...(loss.atMost ? ['at most: templates, options or counters may be among them'] : []),
    ...(loss.restarts > 0 ? [`the count began anew ${groupDigits(String(loss.restarts))} times`] : []),
    ...(loss.knownCounts < loss.counts ? [`known of ${loss.knownCounts} of ${loss.counts} counts`] : []),
  ];
  return {
    text: `${loss.atMost && loss.share > 0 ? `\u2264${THIN_SPACE}` : ''}${formatShare(loss.share)}`,
    exact: String(loss.share),
    title: parts.join('; '),
    tone: loss.share === 0 ? 'muted' : loss.share > HIGH_LOSS ? 'bad' : 'warn',
  };
}

function add(counts: readonly string[]): string {
  return counts.reduce((sum, count) => sum + BigInt(count), 0n).toString();
}

/** `noReceiveTime` as people read it: no receive time. */
function flagName(flag: string): string {
  return flag.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
