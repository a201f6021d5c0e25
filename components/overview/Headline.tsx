'use client';

import { TrendingDown, TrendingUp } from 'lucide-react';
import { PanelBody } from '@/components/panel/PanelBody';
import {
  type Change,
  formatChange,
  formatShare,
  formatValue,
  NO_VALUE,
  type Quantity,
  show,
} from '@/lib/charts/format';
import { clockText, rangeText } from '@/lib/charts/timeText';
import type { HeadlineFigures, HeadlineRows } from '@/lib/flows/contracts/headline';
import type { Scope } from '@/lib/flows/scope';
import { questions } from '@/lib/hooks/questions';
import { useQuestion } from '@/lib/hooks/useQuestion';

interface Shown {
  readonly label: string;
  readonly title: string;
  readonly quantity: Quantity;
  readonly now: number | null;
  readonly before: number | null;
  readonly detail: string;
  /** why the change cannot be told, where it cannot */
  readonly incomparable?: string | undefined;
}

/** Periods whose covered seconds differ by more cannot be compared by sums. */
const COVERAGE_TOLERANCE = 0.02;

function figuresOf(rows: HeadlineRows, scope: Scope, unit: 'bits' | 'bytes'): Shown[] {
  const { current, previous } = rows;
  const bits = unit === 'bits';
  const rate: Quantity = bits ? 'bit/s' : 'B/s';
  const rated = (value: number | null | undefined): number | null =>
    value === null || value === undefined ? null : bits ? value : value / 8;
  // Nobody was listening: unknown, not zero.
  const known = current.coveredSeconds > 0 || current.volume !== '0';
  const volume = (figures: HeadlineFigures | null): number | null =>
    figures && Number(figures.volume) * (bits ? 8 : 1);
  const uneven =
    previous && current.coveredSeconds > 0
      ? Math.abs(previous.coveredSeconds / current.coveredSeconds - 1) > COVERAGE_TOLERANCE
      : false;
  return [
    {
      label: 'Volume',
      title: 'All bytes that crossed the boundary in the range',
      quantity: bits ? 'bit' : 'B',
      now: known ? volume(current) : null,
      before: volume(previous),
      detail: known ? `${formatValue(Number(current.packets), 'count')} packets` : 'no exporter was heard',
      incomparable: uneven
        ? 'The two periods were not covered equally long: compare the mean rate instead'
        : undefined,
    },
    {
      label: 'Mean rate',
      title: 'Bits of the covered time divided by the covered seconds',
      quantity: rate,
      now: rated(current.meanRate),
      before: rated(previous?.meanRate),
      detail: current.coverage === null ? '' : `${formatShare(current.coverage)} covered`,
    },
    {
      label: 'p95 of 5-minute means',
      title: 'Number ceil(0.95 N) of the N covered 5-minute means of the drawn direction, sorted ascending',
      quantity: rate,
      now: rated(current.p95),
      before: rated(previous?.p95),
      detail: !known
        ? ''
        : scope.direction === 'both'
          ? `in ${formatValue(rated(current.p95Ingress), rate)}, out ${formatValue(rated(current.p95Egress), rate)}`
          : scope.direction,
    },
    {
      label: 'Remote addresses',
      title: 'Distinct remote addresses (IPv4 /32, IPv6 /64), merged from sketches and never added',
      quantity: 'count',
      now: known ? current.uniques : null,
      before: previous?.uniques ?? null,
      detail: !known
        ? ''
        : current.uniquesPlusMinus === 0
          ? 'counted exactly'
          : `\u00b1 ${formatValue(current.uniquesPlusMinus, 'count')}`,
    },
    {
      label: 'Bits per address',
      title: 'Magnitude: volume in bits divided by distinct remote addresses of the same range',
      quantity: 'bit',
      now: current.magnitude,
      before: previous?.magnitude ?? null,
      detail: 'magnitude',
    },
  ];
}

/** What the figures are compared with, or why with nothing. */
export function comparisonText(rows: HeadlineRows, zone: string): string {
  const { previous, previousMissing } = rows;
  if (previous) return `Compared with ${rangeText(previous.from, previous.to, zone)}`;
  if (previousMissing === 'not_retained')
    return 'The period before is no longer kept: nothing to compare with';
  if (previousMissing === 'no_data') return 'No data in the period before: nothing to compare with';
  return 'Not compared';
}

/** The figures of the scope, each with its change against the previous period. */
export function Headline(props: { scope: Scope; unit: 'bits' | 'bytes'; refreshMs: number | false }) {
  const query = useQuestion(questions.headline, props.scope, props.refreshMs);
  return (
    <section aria-label="Headline numbers" className="mt-3">
      <PanelBody query={query} height="min-h-[106px]" skeleton={<HeadlineSkeleton />}>
        {({ rows, meta }) => (
          <>
            <dl className="grid grid-cols-2 gap-y-4 sm:grid-cols-3 rail:grid-cols-5">
              {figuresOf(rows, props.scope, props.unit).map((figure) => (
                <Figure key={figure.label} figure={figure} compared={rows.previous !== null} />
              ))}
            </dl>
            <p className="mt-2 text-axis text-muted">{comparisonText(rows, meta.zone)}</p>
            {/* Spoken when a person asked; a live page that speaks every ten seconds would be turned off. */}
            <p role="status" className="sr-only">
              {props.refreshMs === false
                ? `Updated ${clockText(Math.floor(query.dataUpdatedAt / 1000), meta.zone)}: ${rangeText(meta.from, meta.to, meta.zone)}`
                : ''}
            </p>
          </>
        )}
      </PanelBody>
    </section>
  );
}

function Figure({ figure, compared }: { figure: Shown; compared: boolean }) {
  const { digits, unit } =
    figure.now === null ? { digits: NO_VALUE, unit: '' } : show(figure.now, figure.quantity);
  return (
    <div className="border-l border-line pr-2 pl-4 first:border-l-0 first:pl-0 max-rail:sm:nth-[3n+1]:border-l-0 max-rail:sm:nth-[3n+1]:pl-0 max-sm:odd:border-l-0 max-sm:odd:pl-0">
      <dt className="truncate text-muted" title={figure.title}>
        {figure.label}
      </dt>
      <dd>
        <div className="tabular text-figure font-medium tracking-tight whitespace-nowrap">
          {digits}
          {unit ? (
            <span className="ml-1 text-[16px] font-normal tracking-normal text-muted">{unit}</span>
          ) : null}
        </div>
        <div className="tabular flex flex-wrap items-center gap-x-2">
          {compared ? <ChangeText figure={figure} /> : null}
          <span className="text-axis whitespace-nowrap text-muted">{figure.detail}</span>
        </div>
      </dd>
    </div>
  );
}

/** A change below this is said, but not colored: traffic moves that much from any day to the next. */
const SLIGHT = 0.01;
const CHANGE_COLOR: Partial<Record<Change['direction'], string>> = { rise: 'text-rise', fall: 'text-fall' };

function ChangeText({ figure }: { figure: Shown }) {
  if (figure.incomparable) {
    return (
      <span className="text-muted" title={figure.incomparable}>
        not comparable
      </span>
    );
  }
  const change = formatChange(figure.now, figure.before);
  const was = `was ${formatValue(figure.before, figure.quantity)}`;
  const slight = figure.before !== null && Math.abs((figure.now ?? 0) / figure.before - 1) < SLIGHT;
  const color = slight ? 'text-muted' : (CHANGE_COLOR[change.direction] ?? 'text-muted');
  return (
    <span className={`inline-flex items-center gap-1 whitespace-nowrap ${color}`} title={was}>
      {change.direction === 'rise' ? <TrendingUp aria-hidden="true" className="size-3.5" /> : null}
      {change.direction === 'fall' ? <TrendingDown aria-hidden="true" className="size-3.5" /> : null}
      {change.text}
      <span className="sr-only">, {was}</span>
    </span>
  );
}

function HeadlineSkeleton() {
  return (
    <div className="grid grid-cols-2 gap-y-4 sm:grid-cols-3 rail:grid-cols-5">
      {['volume', 'mean', 'p95', 'addresses', 'magnitude'].map((key) => (
        <div key={key} className="flex flex-col gap-1.5 pr-4">
          <div className="skeleton h-4 w-24" />
          <div className="skeleton h-8 w-32" />
          <div className="skeleton h-4 w-28" />
        </div>
      ))}
    </div>
  );
}
