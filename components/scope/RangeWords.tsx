'use client';

import { type KeyboardEvent, useId, useState } from 'react';
import { cx } from '@/components/ui/cx';
import { untilText } from '@/lib/charts/timeText';
import { type RangeChoice, resolveRange } from '@/lib/flows/scope';
import { RANGE_EXAMPLES } from '@/lib/flows/words/examples';
import { useFiscalStart } from '@/lib/hooks/useFiscalStart';
import { rangeLabel } from './rangeLabel';
import { useWords } from './useWords';

/** A time range in words; below the field stands what was understood of it, or what is wrong. */
export function RangeWords(props: { zone: string; now: number; onChoose: (choice: RangeChoice) => void }) {
  const { zone, now } = props;
  const fiscalStart = useFiscalStart();
  const ids = { field: useId(), said: useId() };
  const [text, setText] = useState('');
  const words = useWords();
  const read =
    words === null || text.trim() === '' ? null : words.readRange(text, { now, zone, fiscalStart });
  const problem = read !== null && 'problem' in read ? read.problem : null;
  const enter = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    if (read !== null && 'choice' in read) props.onChoose(read.choice);
  };
  return (
    <div className="w-full border-b border-line p-4 pb-3">
      <label htmlFor={ids.field} className="mb-1 block text-axis text-muted">
        In words
      </label>
      <input
        id={ids.field}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={enter}
        placeholder={RANGE_EXAMPLES.slice(0, 3).join('  \u00b7  ')}
        aria-describedby={ids.said}
        aria-invalid={problem !== null}
        spellCheck={false}
        autoComplete="off"
        className="h-9 w-full rounded-[5px] border border-line-strong bg-page px-2.5 placeholder:text-muted"
      />
      <p
        id={ids.said}
        role="status"
        className={cx('mt-1.5 min-h-8 text-axis', problem === null ? 'text-muted' : 'text-fall')}
      >
        {problem ??
          (read !== null && 'choice' in read ? understood(read.choice, zone, now, fiscalStart) : HINT)}
      </p>
    </div>
  );
}

const HINT = `Also ${RANGE_EXAMPLES.slice(3).join(', ')}. Enter applies.`;

function understood(choice: RangeChoice, zone: string, now: number, fiscalStart: number): string {
  const range = resolveRange({ range: choice, zone }, now);
  const label = rangeLabel(choice, range, fiscalStart);
  return `${label === null ? '' : `${label}: `}${untilText(range.from, range.to, zone)}`;
}
