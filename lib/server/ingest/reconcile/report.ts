export type Scope = 'doubtful' | 'all';

/** Something wrong with one batch. */
export interface BatchFinding {
  id: string;
  sourceName: string;
  kind: 'unfinished' | 'missing' | 'doubled' | 'different' | 'rejections-missing';
  /** UTC days (YYYYMMDD) concerned. */
  days: number[];
  mended: boolean;
  text: string;
}

/** A rollup partition that does not agree with what it is made from. */
export interface RollupFinding {
  rollup: string;
  /** YYYYMM */
  partition: number;
  /** Differing days (YYYYMMDD), or the month where a rollup has no finer buckets. */
  units: number[];
  mended: boolean;
  text: string;
}

export interface ReconcileReport {
  scope: Scope;
  checked: { batches: number; rollups: number; days: number };
  batches: BatchFinding[];
  rollups: RollupFinding[];
  /** Rows of flows whose batch the ledger does not know. */
  orphans: { batches: number; rows: number };
  /** What could not be compared, and why. */
  leftOut: string[];
  seconds: number;
  /** True: nothing is wrong, or everything that was has been mended. */
  ok: boolean;
}

/** The report as lines for people. */
export function reportLines(report: ReconcileReport): string[] {
  const { checked } = report;
  const lines = [
    `Compared ${number(checked.batches)} batches of the ledger with flows, and ${checked.rollups} rollups over ${number(checked.days)} days (${report.scope === 'all' ? 'everything' : 'what is in doubt'}) in ${report.seconds.toFixed(1)} s.`,
  ];
  for (const finding of [...report.batches, ...report.rollups]) {
    lines.push(`${finding.mended ? 'mended' : 'NOT MENDED'}: ${finding.text}`);
  }
  if (report.orphans.rows > 0) {
    lines.push(
      `${number(report.orphans.rows)} rows of flows belong to ${number(report.orphans.batches)} batches that the ledger does not know: they were stored past the import, and count as they are.`,
    );
  }
  lines.push(...report.leftOut.map((text) => `left out: ${text}`));
  if (report.batches.length + report.rollups.length === 0)
    lines.push('Nothing is missing, nothing is doubled.');
  return lines;
}

/** Days as people write them, at most three and their count. */
export function daysText(days: number[]): string {
  const shown = days.slice(0, 3).map(dayText);
  return days.length > 3 ? `${shown.join(', ')} and ${days.length - 3} more days` : shown.join(', ');
}

function dayText(day: number): string {
  const text = String(day);
  return text.length === 6
    ? `${text.slice(0, 4)}-${text.slice(4)}`
    : `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
}

function number(value: number): string {
  return value.toLocaleString('en-GB');
}
