import { type FormEvent, useId, useState } from 'react';
import { Button } from '@/components/ui/Button';
import { cx } from '@/components/ui/cx';
import { inputText, offsetName, parseInput } from '@/lib/charts/timeText';
import type { TimeRange } from '@/lib/flows/presets';
import type { RangeChoice } from '@/lib/flows/scope';

/** A time range by its two instants, in the zone of the page. */
export function AbsoluteRange(props: {
  range: TimeRange;
  zone: string;
  onChoose: (choice: RangeChoice) => void;
}) {
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
