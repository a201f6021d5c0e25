'use client';

import type { UseQueryResult } from '@tanstack/react-query';
import { cx } from '@/components/ui/cx';
import { ProgressLine } from '@/components/ui/ProgressLine';
import { ScrollRegion } from '@/components/ui/ScrollRegion';
import { formatShare, formatValue, groupDigits } from '@/lib/charts/format';
import { networkTypeCss } from '@/lib/charts/palette';
import { type DraftDecision, type PreviewRows, subjectText } from '@/lib/flows/classification';
import { isNetworkType } from '@/lib/flows/networkTypes';
import type { QuestionError } from '@/lib/hooks/useQuestion';

/** What a decision would move, before it is saved. */
export function DecisionPreview(props: {
  draft: DraftDecision | null;
  query: UseQueryResult<PreviewRows, QuestionError>;
  history: 'keep' | 'rebuild';
}) {
  const { data, error, isFetching, isPlaceholderData } = props.query;
  if (props.draft === null) {
    return (
      <div className="flex min-h-56 items-center justify-center rounded-[5px] border border-dashed border-line-strong px-6 text-center text-muted">
        Name an ASN, a prefix or a link and choose a type: here stands what would move, before anything is
        saved.
      </div>
    );
  }
  if (error) {
    return (
      <div
        role="alert"
        className="flex min-h-56 flex-col justify-center rounded-[5px] border border-dashed border-line-strong px-6"
      >
        <p className="font-medium">{error.message}</p>
        <p className="mt-1 text-muted">{error.hint}</p>
      </div>
    );
  }
  if (data === undefined) return <div className="skeleton min-h-56" />;
  return (
    <div
      className={cx('relative min-h-56', isPlaceholderData && 'opacity-50')}
      aria-live="polite"
      aria-busy={isFetching}
    >
      <ProgressLine active={isFetching} />
      <h3 className="font-semibold">
        {subjectText(props.draft.subject)}
        {data.name === '' ? null : <span className="font-normal text-muted"> {data.name}</span>}
      </h3>
      <p className="mt-1">{summaryOf(data, props.history)}</p>
      {data.moves.length > 0 ? <Moves preview={data} /> : null}
      <ul className="mt-3 flex max-w-[76ch] list-disc flex-col gap-1 pl-4 text-muted">
        {notesOf(data, props.history).map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </div>
  );
}

function Moves({ preview }: { preview: PreviewRows }) {
  return (
    <ScrollRegion label="What would move" className="mt-3">
      <table className="tabular w-full max-w-[720px] border-collapse">
        <caption className="sr-only">Stored traffic that the decision would move, by region and type</caption>
        <thead>
          <tr className="h-7 border-b border-line text-axis text-muted">
            {['Region', 'From', 'To'].map((head) => (
              <th key={head} scope="col" className="pr-4 text-left font-normal">
                {head}
              </th>
            ))}
            {['Volume, bytes', 'Share of all', 'Flow records'].map((head) => (
              <th key={head} scope="col" className="pl-4 text-right font-normal">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {preview.moves.map((move) => (
            <tr key={`${move.region} ${move.from}`} className="h-7 border-b border-line">
              <td className="pr-4">{move.region}</td>
              <td className="pr-4">
                <Type name={move.from} />
              </td>
              <td className="pr-4">
                {move.to === null ? (
                  <span className="text-muted">file and taxonomy</span>
                ) : (
                  <Type name={move.to} />
                )}
              </td>
              <td className="pl-4 text-right" title={`${groupDigits(move.bytes)} bytes`}>
                {formatValue(Number(move.bytes), 'B')}
              </td>
              <td className="pl-4 text-right">{formatShare(share(move.bytes, preview.totalBytes))}</td>
              <td className="pl-4 text-right">{groupDigits(move.flowRecords)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function Type({ name }: { name: string }) {
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <span
        aria-hidden="true"
        className="size-2.5 rounded-[2px]"
        style={{ background: isNetworkType(name) ? networkTypeCss(name) : 'var(--line-strong)' }}
      />
      {name}
    </span>
  );
}

function summaryOf(preview: PreviewRows, history: 'keep' | 'rebuild'): string {
  const bytes = preview.moves.reduce((sum, move) => sum + BigInt(move.bytes), 0n);
  const records = preview.moves.reduce((sum, move) => sum + BigInt(move.flowRecords), 0n);
  if (preview.firstDay === null)
    return 'No stored record begins on these days: only records to come are concerned.';
  const days =
    preview.firstDay === preview.lastDay ? preview.firstDay : `${preview.firstDay} to ${preview.lastDay}`;
  if (preview.moves.length === 0) return `No stored record of ${days} would change its type.`;
  const what = `${formatValue(Number(bytes), 'B')} (${formatShare(share(bytes.toString(), preview.totalBytes))} of all ingress and egress) in ${groupDigits(records.toString())} flow records of ${days}`;
  return history === 'rebuild'
    ? `${what} would get another type.`
    : `${what} would have another type; they keep theirs.`;
}

function notesOf(preview: PreviewRows, history: 'keep' | 'rebuild'): string[] {
  const notes: string[] = [];
  if (history === 'rebuild' && preview.days > 0) {
    notes.push(
      `${preview.days} ${preview.days === 1 ? 'day is' : 'days are'} written anew, and the rollups of those days made again; imports wait while a day is swapped in. Totals do not change.`,
    );
  }
  if (BigInt(preview.overruled.flowRecords) > 0n) {
    notes.push(
      `${formatValue(Number(preview.overruled.bytes), 'B')} stay as they are: a link or a longer prefix says their type.`,
    );
  }
  if (BigInt(preview.unchanged.flowRecords) > 0n) {
    notes.push(`${formatValue(Number(preview.unchanged.bytes), 'B')} have this type already.`);
  }
  if (preview.rawFrom !== null) {
    notes.push(
      `Raw flows are kept from ${preview.rawFrom} on: what is older stays in its rollups with the type it had.`,
    );
  }
  notes.push('Quarters that are closed as snapshots never change.');
  return notes;
}

function share(part: string, whole: string): number | null {
  return whole === '0' ? null : Number((BigInt(part) * 1_000_000n) / BigInt(whole)) / 1_000_000;
}
