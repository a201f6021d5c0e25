'use client';

import { CalendarRange, ChevronDown } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { buttonClass } from '@/components/ui/Button';
import { cx } from '@/components/ui/cx';
import { Popover } from '@/components/ui/Popover';
import { rangeText } from '@/lib/charts/timeText';
import {
  CALENDAR_PRESETS,
  presetLabel,
  type RangePreset,
  ROLLING_PRESETS,
  type TimeRange,
} from '@/lib/flows/presets';
import type { RangeChoice } from '@/lib/flows/scope';
import { useFiscalStart } from '@/lib/hooks/useFiscalStart';
import { RangeWords } from './RangeWords';
import { fiscalQuarterLabel, rangeLabel } from './rangeLabel';
import { closedQuarters, fiscalQuarters } from './stepScope';

// Used by few, and not with the first dashboard.
const AbsoluteRange = lazy(() =>
  import('./AbsoluteRange').then(({ AbsoluteRange }) => ({ default: AbsoluteRange })),
);

/** The chosen range in words, and below it every way to choose another. */
export function RangePicker(props: {
  choice: RangeChoice;
  range: TimeRange;
  zone: string;
  now: number;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onChoose: (choice: RangeChoice) => void;
  /** a choice is pointed at, or no longer */
  onConsider: (choice: RangeChoice | null) => void;
}) {
  const { choice, range, zone } = props;
  const fiscalStart = useFiscalStart();
  const choose = (next: RangeChoice) => {
    props.onOpenChange(false);
    props.onChoose(next);
  };
  const words = rangeText(range.from, range.to, zone);
  const label = rangeLabel(choice, range, fiscalStart);
  // "Q1 2025" has told the year.
  const year = / (\d{4})\b/.exec(label ?? '')?.[1];
  const short = year === undefined ? words : words.replace(`, ${year}`, '');
  const list = { choice, onChoose: choose, onConsider: props.onConsider };
  return (
    <Popover
      open={props.open}
      onOpenChange={props.onOpenChange}
      title="Time range"
      triggerLabel={`Time range: ${label ? `${label}, ` : ''}${short}`}
      triggerClass={cx(
        buttonClass,
        'relative -mx-px min-w-0 rounded-none! xl:min-w-[372px] focus-visible:z-10 data-popup-open:z-10 max-sm:h-10 max-sm:flex-1 max-sm:justify-between',
      )}
      className="flex w-[600px] max-w-full flex-wrap"
      trigger={
        <>
          <CalendarRange aria-hidden="true" className="size-4 shrink-0 text-muted max-sm:hidden" />
          <span className="flex min-w-0 items-baseline xl:flex-1 gap-x-2 max-sm:flex-col max-sm:items-start max-sm:leading-4">
            {/* On a telephone there are two lines in any case, so that the lower one keeps its place. */}
            <span className={cx('font-medium whitespace-nowrap', label === null && 'sm:hidden')}>
              {label ?? 'Chosen times'}
            </span>
            <span
              className={cx(
                'tabular max-w-full truncate max-sm:text-[11px]',
                label ? 'text-muted sm:max-xl:hidden' : 'max-sm:text-muted sm:font-medium',
              )}
            >
              {short}
            </span>
          </span>
          <ChevronDown aria-hidden="true" className="size-3.5 shrink-0 text-muted" />
        </>
      }
    >
      <RangeWords zone={zone} now={props.now} onChoose={choose} />
      <ChoiceList {...list} label="Until now" options={ROLLING_PRESETS.map(presetOption)} />
      <ChoiceList
        {...list}
        label="Calendar"
        options={[...OFFERED_CALENDAR, ...closedQuarters(props.now, 5).slice(1)].map(presetOption)}
      />
      {fiscalStart === 1 ? null : (
        <ChoiceList
          {...list}
          label="Fiscal quarters (UTC)"
          rows="grid-rows-3 max-sm:grid-flow-row max-sm:grid-cols-1 max-sm:grid-rows-none"
          options={fiscalQuarters(props.now, fiscalStart, 6).map((quarter) => ({
            choice: quarter.choice,
            label: fiscalQuarterLabel(quarter.range, fiscalStart),
          }))}
        />
      )}
      <Suspense fallback={<div className="h-[117px] w-full border-t border-line" />}>
        <AbsoluteRange
          key={`${range.from}:${range.to}:${zone}`}
          range={range}
          zone={zone}
          onChoose={choose}
        />
      </Suspense>
    </Popover>
  );
}

/** Years are found by words; so many entries fill the list. */
const OFFERED_CALENDAR = CALENDAR_PRESETS.filter((preset) => !preset.endsWith('-year'));

interface Option {
  choice: RangeChoice;
  label: string;
}

function presetOption(preset: RangePreset): Option {
  return { choice: { kind: 'preset', preset }, label: presetLabel(preset) };
}

function ChoiceList(props: {
  label: string;
  options: readonly Option[];
  choice: RangeChoice;
  rows?: string;
  onChoose: (choice: RangeChoice) => void;
  onConsider: (choice: RangeChoice | null) => void;
}) {
  const chosen = JSON.stringify(props.choice);
  return (
    <div className="min-w-[260px] flex-1 p-2">
      <div className="px-2 pt-1 pb-1 text-axis text-muted">{props.label}</div>
      <ul className={cx('grid grid-flow-col grid-cols-2', props.rows ?? 'grid-rows-6')}>
        {props.options.map(({ choice, label }) => (
          <li key={label}>
            <button
              type="button"
              aria-pressed={JSON.stringify(choice) === chosen}
              onClick={() => props.onChoose(choice)}
              onPointerEnter={() => props.onConsider(choice)}
              onPointerLeave={() => props.onConsider(null)}
              onFocus={() => props.onConsider(choice)}
              onBlur={() => props.onConsider(null)}
              className="flex h-7 w-full cursor-pointer items-center rounded-[4px] px-2 text-left whitespace-nowrap hover:bg-hover aria-pressed:bg-accent-soft aria-pressed:font-medium aria-pressed:text-accent"
            >
              {label}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
