'use client';

import { ArrowLeftRight, ChevronDown } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { Button, buttonClass } from '@/components/ui/Button';
import { cx } from '@/components/ui/cx';
import { Popover } from '@/components/ui/Popover';
import { inputText, instantText, rangeText } from '@/lib/charts/timeText';
import type { TimeRange } from '@/lib/flows/presets';
import { COMPARE_CHOICES, type CompareChoice, compareRange } from '@/lib/flows/scope';
import { useFiscalStart } from '@/lib/hooks/useFiscalStart';
import { useWords } from './useWords';

interface CompareProps {
  compare: CompareChoice;
  range: TimeRange;
  zone: string;
  now: number;
  onChoose: (compare: CompareChoice) => void;
}

const NAMES = {
  previous: 'Previous period',
  'last-quarter': 'Same period last quarter',
  none: 'Nothing',
} as const;
const SHORT = { previous: 'previous', 'last-quarter': 'last quarter', none: 'nothing' } as const;

/** What the range is held against: the period before, the same 13 weeks earlier, any other of equal length, or nothing. */
export function CompareMenu(props: CompareProps) {
  const { compare, zone } = props;
  const [open, setOpen] = useState(false);
  const choose = (next: CompareChoice) => {
    setOpen(false);
    props.onChoose(next);
  };
  const named = typeof compare === 'string';
  const name = named ? NAMES[compare] : `from ${instantText(compare.from, zone)}`;
  const short = named ? SHORT[compare] : `from ${inputText(compare.from, zone).replace(/ 00:00$/, '')}`;
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      title="Compare with"
      triggerLabel={`Compare with: ${name}`}
      triggerClass={buttonClass}
      className="w-[340px] max-w-full"
      trigger={
        <>
          <ArrowLeftRight aria-hidden="true" className="size-3.5 text-muted" />
          <span className={compare === 'none' ? 'text-muted' : undefined}>
            <span className="text-muted max-sm:sr-only">vs</span> {short}
          </span>
          <ChevronDown aria-hidden="true" className="size-3.5 text-muted max-sm:hidden" />
        </>
      }
    >
      <ul className="p-1.5">
        {COMPARE_CHOICES.map((choice) => {
          const other = compareRange(props.range, choice, zone);
          return (
            <li key={choice}>
              <button
                type="button"
                aria-pressed={choice === compare}
                onClick={() => choose(choice)}
                className="flex min-h-8 w-full cursor-pointer flex-col items-start rounded-[4px] px-2 py-1.5 text-left hover:bg-hover aria-pressed:bg-accent-soft aria-pressed:text-accent"
              >
                <span className={choice === compare ? 'font-medium' : undefined}>{NAMES[choice]}</span>
                <span className="tabular text-axis opacity-80">
                  {other === null ? '' : rangeText(other.from, other.to, zone)}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      <AnyOther {...props} onChoose={choose} />
    </Popover>
  );
}

function AnyOther({ compare, range, zone, now, onChoose }: CompareProps) {
  const fiscalStart = useFiscalStart();
  const ids = { field: useId(), said: useId() };
  const [text, setText] = useState(typeof compare === 'object' ? inputText(compare.from, zone) : '');
  const words = useWords();
  const read =
    words === null || text.trim() === '' ? null : words.readStart(text, { now, zone, fiscalStart });
  const problem = read !== null && 'problem' in read ? read.problem : null;
  const other = read !== null && 'from' in read ? compareRange(range, read, zone) : null;
  const apply = (event: FormEvent) => {
    event.preventDefault();
    if (other !== null) onChoose({ from: other.from });
  };
  return (
    <form onSubmit={apply} className="border-t border-line p-3">
      <label htmlFor={ids.field} className="mb-1 block text-axis text-muted">
        Any other of the same length, from
      </label>
      <div className="flex gap-2">
        <input
          id={ids.field}
          value={text}
          onChange={(event) => setText(event.target.value)}
          placeholder="1 march, Q4 2025, 2026-03-29 14:00"
          aria-describedby={ids.said}
          aria-invalid={problem !== null}
          spellCheck={false}
          autoComplete="off"
          className="h-8 min-w-0 flex-1 rounded-[5px] border border-line-strong bg-page px-2 placeholder:text-muted"
        />
        <Button type="submit" disabled={other === null}>
          Compare
        </Button>
      </div>
      <p
        id={ids.said}
        role="status"
        className={cx('mt-1.5 min-h-4 text-axis', problem === null ? 'text-muted' : 'text-fall')}
      >
        {problem ??
          (other === null ? 'Rates are compared, not sums.' : rangeText(other.from, other.to, zone))}
      </p>
    </form>
  );
}
