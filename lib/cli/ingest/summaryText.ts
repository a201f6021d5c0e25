import { REJECT_REASONS, type RejectReason } from '@/lib/server/ingest/record';
import type { IngestSummary } from '@/lib/server/ingest/summary';

/** The summary of an import for people, on several lines. */
export function summaryText(summary: IngestSummary): string {
  const rate = Math.round(summary.records / Math.max(0.001, summary.seconds));
  const lines = [
    `${number(summary.records)} records in ${summary.seconds.toFixed(1)} s (${number(rate)} a second)`,
    `  accepted    ${number(summary.accepted)}, of which flagged ${number(summary.flagged)}`,
    `  duplicates  ${number(summary.duplicates)}`,
    `  rejected    ${number(summary.rejected)}`,
  ];
  for (const [reason, count] of Object.entries(summary.rejectedBy) as [RejectReason, number][]) {
    lines.push(`    ${number(count)} ${reason}: ${REJECT_REASONS[reason]}`);
  }
  if (summary.rejected > 0) {
    lines.push(
      '    See them: npm run sql -- "SELECT reason, detail, record FROM flows_rejected ORDER BY rejected_at DESC LIMIT 10"',
    );
  }
  lines.push(`  bytes       ${number(summary.bytes)}`, `  packets     ${number(summary.packets)}`);
  if (summary.doubtfulBatches > 0) {
    lines.push(
      `  ${number(summary.doubtfulBatches)} batches begun before were compared with what is stored, and completed`,
    );
  }
  return lines.join('\n');
}

export function number(value: number | bigint): string {
  return value.toLocaleString('en-GB');
}
