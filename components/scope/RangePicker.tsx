'use client';

import { CalendarRange, ChevronDown } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { Button, buttonClass } from '@/components/ui/Button';
import { cx } from '@/components/ui/cx';
import { Popover } from '@/components/ui/Popover';
import { inputText, offsetName, parseInput, rangeText } from '@/lib/charts/timeText';
import {
  CALENDAR_PRESETS,
  presetLabel,
  type RangePreset,
  ROLLING_PRESETS,
  type TimeRange,
} from '@/lib/flows/presets';
import type { RangeChoice } from '@/lib/flows/scope';
import { closedQuarters } from './stepScope';

/** The chosen range in words, and below it every way to choose another. */
export function RangePicker(props: {
  choice: RangeChoice;
  range: TimeRange;
  zone: string;
  now: number;
  onChoose: (choice: RangeChoice) => void;
}) {
  const { choice, range, zone } = props;
  const [open, setOpen] = useState(false);
  const chosen = choice.kind === 'preset' ? choice.preset : null;
  const choose = (next: RangeChoice) => {
    setOpen(false);
    props.onChoose(next);
  };
  const words = rangeText(range.from, range.to, zone);
  const label = chosen ? presetLabel(chosen) : null;
  // "Q1 2025" has told the year.
  const short = label && /\d{4}$/.test(label) ? words.replace(`, ${label.slice(-4)}`, '') : words;
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      title="Time range"
      triggerLabel={`Time range: ${label ? `${label}, ` : ''}${short}`}
      triggerClass={cx(
        buttonClass,
        'relative -mx-px min-w-0 rounded-none! focus-visible:z-10 data-popup-open:z-10 max-sm:h-10 max-sm:flex-1 max-sm:justify-between',
      )}
      className="flex w-[600px] max-w-full flex-wrap"
      trigger={
        <>
          <CalendarRange aria-hidden="true" className="size-4 shrink-0 text-muted max-sm:hidden" />
          <span className="flex min-w-0 items-baseline gap-x-2 max-sm:flex-col max-sm:items-start max-sm:leading-4">
            {label ? <span className="font-medium whitespace-nowrap">{label}</span> : null}
            <span
              className={cx(
                'tabular max-w-full truncate max-sm:text-[11px]',
                chosen ? 'text-muted sm:max-xl:hidden' : 'font-medium max-sm:text-axis',
              )}
            >
              {short}
            </span>
          </span>
          <ChevronDown aria-hidden="true" className="size-3.5 shrink-0 text-muted" />
        </>
      }
    >
      <PresetList label="Until now" presets={ROLLING_PRESETS} chosen={chosen} onChoose={choose} columns />
      <PresetList
        label="Calendar"
        presets={[...CALENDAR_PRESETS.slice(0, -2), ...closedQuarters(props.now, 5).slice(1)]}
        chosen={chosen}
        onChoose={choose}
        columns
      />
      <AbsoluteRange key={`${range.from}:${range.to}:${zone}`} range={range} zone={zone} onChoose={choose} />
    </Popover>
  );
}

function PresetList(props: {
  label: string;
  presets: readonly RangePreset[];
  chosen: RangePreset | null;
  onChoose: (choice: RangeChoice) => void;
  columns?: boolean;
}) {
  return (
    <div className="min-w-[260px] flex-1 p-2">
      <div className="px-2 pt-1 pb-1 text-axis text-muted">{props.label}</div>
      <ul className="grid grid-flow-col grid-cols-2 grid-rows-6">
        {props.presets.map((preset) => (
          <li key={preset}>
            <button
              type="button"
              aria-pressed={props.chosen === preset}
              onClick={() => props.onChoose({ kind: 'preset', preset })}
              className="flex h-7 w-full cursor-pointer items-center rounded-[4px] px-2 text-left whitespace-nowrap hover:bg-hover aria-pressed:bg-accent-soft aria-pressed:font-medium aria-pressed:text-accent"
            >
              {presetLabel(preset)}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function AbsoluteRange(props: { range: TimeRange; zone: string; onChoose: (choice: RangeChoice) => void }) {
  const { zone } = props;
  const ids = { from: useId(), to: useId(), error: useId() };
  const [from, setFrom] = useState(inputText(props.range.from, zone));
  const [to, setTo] = useState(inputText(props.range.to, zone));
  const [error, setError] = useState<string | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const start = parseInput(from, zone);
    const end = parseInput(to, zone);
    if (start === null) setError(`"${from}" is no date and time. Write it as 2026-11-22 14:05.`);
    else if (end === null) setError(`"${to}" is no date and time. Write it as 2026-11-22 14:05.`);
    else if (end <= start) setError('The end must come after the start.');
    else props.onChoose({ kind: 'absolute', from: start, to: end });
  };
  const input = (id: string, value: string, set: (value: string) => void) => (
    <input
      id={id}
      value={value}
      onChange={(event) => set(event.target.value)}
      aria-describedby={ids.error}
      aria-invalid={error !== null}
      spellCheck={false}
      autoComplete="off"
      className="h-8 w-full rounded-[5px] border border-line-strong bg-page px-2 font-mono text-axis"
    />
  );
  return (
    <form onSubmit={submit} className="w-full border-t border-line p-4 pt-3">
      <div className="flex flex-wrap items-end gap-3">
        <div className="min-w-[150px] flex-1">
          <label htmlFor={ids.from} className="mb-1 block text-axis text-muted">
            From
          </label>
          {input(ids.from, from, setFrom)}
        </div>
        <div className="min-w-[150px] flex-1">
          <label htmlFor={ids.to} className="mb-1 block text-axis text-muted">
            To (not included)
          </label>
          {input(ids.to, to, setTo)}
        </div>
        <Button look="primary" type="submit">
          Apply
        </Button>
      </div>
      <p id={ids.error} className={cx('mt-2 text-axis', error ? 'text-fall' : 'text-muted')} role="status">
        {error ??
          `In ${zone}${zone === 'UTC' ? '' : ` (${offsetName(props.range.to, zone)})`}. Year-month-day hour:minute.`}
      </p>
    </form>
  );
}
