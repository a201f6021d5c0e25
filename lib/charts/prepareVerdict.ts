import type { DataStatusRows } from '@/lib/flows/contracts/dataStatus';
import type { DoubleCountingRows } from '@/lib/flows/contracts/doubleCounting';
import type { ExporterQuality, ExporterQualityRows } from '@/lib/flows/contracts/exporterQuality';
import type { ImportLedgerRows } from '@/lib/flows/contracts/importLedger';
import type { LateDataRows } from '@/lib/flows/contracts/lateData';
import { printed } from '@/lib/flows/plan';
import { shareOfCounts } from './countCell';
import { HIGH_LOSS } from './exporterColumns';
import { formatDuration, formatShare, groupDigits, NO_VALUE } from './format';

/** An answer; null = it failed, undefined = it is under way. */
type Input<Rows> = Rows | null | undefined;

export interface VerdictInputs {
  status: Input<DataStatusRows>;
  quality: Input<ExporterQualityRows>;
  double: Input<DoubleCountingRows>;
  late: Input<LateDataRows>;
  ledger: Input<ImportLedgerRows>;
}

export interface Finding {
  readonly key: string;
  /** what is wrong, naming the thing */
  readonly text: string;
  /** how to mend it, in words; `code` between backticks */
  readonly fix: string;
  /** share of the records or bytes that is wrong through it, 0 to 1: the most harmful first */
  readonly harm: number;
  /** the panel that tells more */
  readonly panel: string;
}

/** Something that is looked at, in words, and how far that is. */
export interface Check {
  readonly text: string;
  readonly state: 'pending' | 'checked' | 'failed';
}

export interface Verdict {
  readonly findings: readonly Finding[];
  /** all that is looked at, always the same and in the same order */
  readonly checks: readonly Check[];
  readonly pending: boolean;
  /** no record begins in the range: there is nothing to be right or wrong */
  readonly nothing: boolean;
}

/** Below this a share is no finding, but stands in its panel. */
const WORTH_SAYING = 0.001;

const CHECKS: { input: keyof VerdictInputs; text: string }[] = [
  { input: 'status', text: 'own prefixes, silent exporters, rejected records, unclassified traffic' },
  { input: 'quality', text: 'sampling rates, coverage, clocks, clamped and implausible records, boundaries' },
  { input: 'double', text: 'double counting between exporters' },
  { input: 'late', text: 'late data and the watermark' },
  { input: 'ledger', text: 'batches in doubt' },
];

/** The few things that are wrong now, in words, the most harmful first, from the very numbers that the panels show. */
export function prepareVerdict(inputs: VerdictInputs): Verdict {
  const findings = [
    ...(inputs.ledger ? ofLedger(inputs.ledger) : []),
    ...(inputs.status ? ofStatus(inputs.status) : []),
    ...(inputs.quality ? ofQuality(inputs.quality) : []),
    ...(inputs.double ? ofDouble(inputs.double) : []),
    ...(inputs.late ? ofLate(inputs.late) : []),
  ];
  const checks = CHECKS.map(({ input, text }): Check => {
    const answer = inputs[input];
    return { text, state: answer === undefined ? 'pending' : answer === null ? 'failed' : 'checked' };
  });
  return {
    findings: findings.sort((a, b) => b.harm - a.harm || (a.key < b.key ? -1 : 1)),
    checks,
    nothing: inputs.quality?.storedRecords === '0' && inputs.quality.notCountedRecords === '0',
    pending: checks.some(({ state }) => state === 'pending'),
  };
}

/** `1 record was`, `1,200 records were`. */
function counted(count: string): string {
  return `${groupDigits(count)} ${count === '1' ? 'record was' : 'records were'}`;
}

const load = 'then `npm run reference -- load`';
const again = `${load} and, for what is stored, \`npm run reference -- reenrich\``;

function ofLedger({ inDoubt, lost }: ImportLedgerRows): Finding[] {
  const batches = (count: number) => `${groupDigits(String(count))} ${count === 1 ? 'batch' : 'batches'}`;
  return [
    ...(inDoubt > 0
      ? [
          {
            key: 'in_doubt',
            text: `${batches(inDoubt)} began and did not finish: ${inDoubt === 1 ? 'its' : 'their'} records may be missing or half there.`,
            fix: 'Compare and mend: `npm run reconcile`.',
            harm: 2,
            panel: 'imports',
          },
        ]
      : []),
    ...(lost > 0
      ? [
          {
            key: 'lost',
            text: `${batches(lost)} could not be made again: ${lost === 1 ? 'its' : 'their'} records are missing.`,
            fix: 'Import the same files again: what is stored already is left out.',
            harm: 1.9,
            panel: 'imports',
          },
        ]
      : []),
  ];
}

/** Where more of the bytes than this neither begin nor end at an own prefix, the own prefixes are probably not configured. */
const MOST_TRANSIT = 0.5;
const MUCH_UNCLASSIFIED = 0.05;

function ofStatus(status: DataStatusRows): Finding[] {
  const findings: Finding[] = [];
  if (status.transitShare > MOST_TRANSIT) {
    const prefixes = status.proposedPrefixes.map(({ prefix }) => prefix).join(', ');
    findings.push({
      key: 'transit',
      text: `${formatShare(status.transitShare)} of the bytes neither begin nor end at your own prefixes, so they are in no total.`,
      fix: `Name your prefixes under \`own_prefixes\` in the network file${prefixes === '' ? '' : ` (most of it begins or ends at ${prefixes})`}, ${again}.`,
      harm: status.transitShare,
      panel: 'totals',
    });
  }
  const records = status.exporters.reduce((sum, { flowRecords }) => sum + BigInt(flowRecords), 0n);
  const rejected = status.rejected.reduce((sum, row) => sum + BigInt(row.records), 0n);
  const share = Number(rejected) / Math.max(1, Number(rejected + records));
  if (share >= WORTH_SAYING) {
    const [most] = status.rejected;
    findings.push({
      key: 'rejected',
      text: `${counted(rejected.toString())} rejected, most of them as ${most?.reason.replaceAll('_', ' ') ?? 'unreadable'}.`,
      fix: 'The samples below say what is wrong with them; correct the source and import it again.',
      harm: share,
      panel: 'rejected',
    });
  }
  if (status.unclassifiedShare > MUCH_UNCLASSIFIED) {
    findings.push({
      key: 'unclassified',
      text: `${formatShare(status.unclassifiedShare)} of the bytes are of no known network type.`,
      fix: 'Give the largest networks below a type: choose one in the table.',
      // Counted right, only not named: less harm than what is not counted.
      harm: status.unclassifiedShare / 4,
      panel: 'unclassified',
    });
  }
  if (!status.empty && !status.geoReady) {
    findings.push({
      key: 'geo',
      text: 'Countries and metros are not loaded yet.',
      fix: 'Nothing to do: the table loads in the background, and records that came before it are mended.',
      harm: 0.01,
      panel: 'versions',
    });
  }
  return findings;
}

function ofQuality(rows: ExporterQualityRows): Finding[] {
  const all = rows.exporters.reduce((sum, { flowRecords }) => sum + Number(flowRecords), 0);
  const findings = rows.exporters.flatMap((exporter) => ofExporter(exporter, all));
  if (rows.checkedRecords !== rows.storedRecords) {
    findings.push({
      key: 'unchecked',
      text: `Sampling, clocks and flags are known of ${groupDigits(rows.checkedRecords)} of ${groupDigits(rows.storedRecords)} records: those stored before this version are not looked at yet.`,
      fix: 'Make the counters from what is kept: `npm run reconcile`.',
      harm: 0.02,
      panel: 'exporters',
    });
  }
  return findings;
}

const LOW_COVERAGE = 0.98;
/** A median lag beyond this is a clock that is off, and no active timeout. */
const WRONG_CLOCK = 2 * 3_600;

function ofExporter(exporter: ExporterQuality, all: number): Finding[] {
  const { name, exporter: address, records } = exporter;
  const weight = (share: number) => (all === 0 ? 0 : (share * Number(exporter.flowRecords)) / all);
  const ofFlag = (flag: string) =>
    shareOfCounts(exporter.flags.find((each) => each.flag === flag)?.records ?? '0', records);
  const findings: Finding[] = [];
  const say = (key: string, isWorth: boolean, harm: number, text: string, fix: string, panel = 'doubts') => {
    if (isWorth) findings.push({ key: `${key} ${address}`, text, fix, harm, panel });
  };
  say(
    'rate',
    exporter.unknownRateShare > 0,
    weight(exporter.unknownRateShare),
    `${formatShare(exporter.unknownRateShare)} of records from ${name} have no sampling rate: they are left out of every scaled total. Set it.`,
    `\`sampling_rate: N\` under \`address: ${address}\` in the network file, ${again}.`,
    'exporters',
  );
  if (exporter.expected && exporter.lastReceived === null) {
    say(
      'never',
      true,
      0.5,
      `Nothing has ever come from ${name}.`,
      `Check that ${address} sends to the collector, or write \`retired: YYYY-MM-DD\` under it in the network file, ${load}.`,
      'exporters',
    );
  } else if (exporter.expected && exporter.silent) {
    say(
      'silent',
      true,
      0.6,
      `No flows from ${name} since ${exporter.lastReceived === null ? NO_VALUE : printed(exporter.lastReceived)}.`,
      `Check that ${address} still sends, or write \`retired: YYYY-MM-DD\` under it in the network file, ${load}.`,
      'exporters',
    );
  } else {
    const missing = 1 - (exporter.coverage ?? 1);
    say(
      'coverage',
      missing > 1 - LOW_COVERAGE,
      weight(missing),
      `${formatShare(missing)} of the time nothing came from ${name}: totals of these hours are too low.`,
      `Look for gaps in the calendar below, and at the path from ${address} to the collector.`,
      'coverage',
    );
  }
  say(
    'unconfigured',
    !exporter.configured,
    weight(0.05),
    `${name} sends, but is not configured: its region is Unassigned.`,
    `Add \`address: ${address}\` with its region under \`exporters\` in the network file, ${again}.`,
    'exporters',
  );
  const median = exporter.lag?.median ?? 0;
  say(
    'clock',
    Math.abs(median) > WRONG_CLOCK,
    weight(1),
    `Records from ${name} are received ${formatDuration(Math.abs(median))} ${median < 0 ? 'before' : 'after'} they end: its clock or its time zone is wrong, and its traffic stands at the wrong time.`,
    `Set the clock of ${address} (NTP, UTC); records of files need the right \`--zone\`.`,
  );
  const ahead = ofFlag('endsAfterReceipt');
  say(
    'ahead',
    ahead > 0.01,
    weight(ahead),
    `${formatShare(ahead)} of records from ${name} end after they were received, and were shifted: its clock is ahead.`,
    `Set the clock of ${address} (NTP, UTC).`,
  );
  const long = ofFlag('tooLong');
  say(
    'long',
    long > 0.01,
    weight(long),
    `${formatShare(long)} of records from ${name} are longer than twice its active timeout, and were cut.`,
    `Write the router's own \`active_timeout\` under \`address: ${address}\` in the network file, ${load}.`,
  );
  const lost = exporter.loss?.share ?? 0;
  say(
    'loss',
    lost > HIGH_LOSS,
    weight(lost),
    `${exporter.loss?.atMost ? 'Up to ' : ''}${formatShare(lost)} of what ${name} exported never came: its totals are too low.`,
    `Look for drops between ${address} and the collector, and at its receive buffer (on Linux \`net.core.rmem_max\` and the counter RcvbufErrors).`,
  );
  const fast = shareOfCounts(exporter.implausibleRecords, records);
  say(
    'fast',
    exporter.implausibleRecords !== '0',
    weight(Math.max(fast, 0.01)),
    `${counted(exporter.implausibleRecords)} faster than the link at ${name}: its sampling rate may be too high.`,
    `Compare \`sampling_rate\` and the speed of its links in the network file with the router.`,
  );
  return findings;
}

function ofDouble(rows: DoubleCountingRows): Finding[] {
  if (rows.doubleShare < 0.01) return [];
  const names = rows.exporters.filter(({ sharedBytes }) => sharedBytes !== '0').map(({ name }) => name);
  return [
    {
      key: 'double',
      text: `About ${formatShare(rows.doubleShare)} of the bytes are counted twice, by ${names.join(' and ')}.`,
      fix: `Call the interfaces between them \`boundary: internal\` under \`links\` in the network file, ${again}.`,
      harm: rows.doubleShare,
      panel: 'doubts',
    },
  ];
}

function ofLate(rows: LateDataRows): Finding[] {
  const share = shareOfCounts(rows.lateRecords, rows.knownRecords);
  const findings: Finding[] = [];
  if (share > 0.01) {
    findings.push({
      key: 'late',
      text: `${formatShare(share)} of the records came an hour or more late: numbers already read have changed since.`,
      fix: 'The table below says of which days; look at what holds them up between exporter and collector.',
      harm: share / 2,
      panel: 'late',
    });
  }
  const { heldBackBy, lagSeconds } = rows;
  if (heldBackBy !== null && lagSeconds !== null && lagSeconds > WRONG_CLOCK) {
    findings.push({
      key: 'behind',
      text: `Everything newer than ${formatDuration(lagSeconds)} is provisional, because ${heldBackBy.name} is that far behind.`,
      fix: `Check ${heldBackBy.exporter} and its collector, or write \`retired: YYYY-MM-DD\` under it in the network file, ${load}.`,
      harm: 0.1,
      panel: 'late',
    });
  }
  return findings;
}
