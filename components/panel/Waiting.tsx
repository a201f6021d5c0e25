'use client';

import { useEffect, useState } from 'react';
import { Button } from '@/components/ui/Button';
import { progressText } from '@/lib/charts/progressText';
import type { Progress } from '@/lib/flows/contracts/progress';

/** An answer that lasts longer than a second says for how long it is awaited and how far it has come, and can be given up. */
export function Waiting(props: {
  busy: boolean;
  /** changes with the question, so that each is timed by itself */
  asked: string;
  /** null = not known yet, or nobody can tell */
  progress: Progress | null;
  onCancel: () => void;
}) {
  const { busy, asked } = props;
  const [waited, setWaited] = useState({ asked, seconds: 0 });
  useEffect(() => {
    if (!busy) {
      setWaited({ asked, seconds: 0 });
      return;
    }
    const started = performance.now();
    const timer = setInterval(() => {
      setWaited({ asked, seconds: Math.floor((performance.now() - started) / 1000) });
    }, 250);
    return () => clearInterval(timer);
  }, [busy, asked]);
  if (!busy || waited.asked !== asked || waited.seconds < 1) return null;
  return (
    // Over the head of its panel: what comes after a second must not move what is read.
    <span className="absolute top-0 right-0 z-10 flex h-7 items-center gap-2 bg-page pl-2 text-axis text-muted lg:right-full lg:mr-2">
      {/* At the outer end and with room of its own: it comes later than the rest. */}
      <span className="flex w-20 justify-end sm:w-64">
        {props.progress === null || props.progress.rowsToRead === 0 ? null : <Come {...props.progress} />}
      </span>
      <span role="status" className="tabular min-w-[13ch] text-right whitespace-nowrap">
        Asking for {waited.seconds}
        {'\u2009'}s
      </span>
      <Button onClick={props.onCancel} className="h-7!">
        Cancel
      </Button>
    </span>
  );
}

/** A thin bar, and beside it what has been read of what there is to read. */
function Come({ rowsRead, rowsToRead }: Progress) {
  const text = progressText({ rowsRead, rowsToRead });
  return (
    <span className="flex items-center gap-2">
      <progress
        value={Math.min(rowsRead, rowsToRead)}
        max={rowsToRead}
        aria-label={text}
        className="h-1 w-20 appearance-none overflow-hidden rounded-full bg-line [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent"
      />
      <span className="tabular whitespace-nowrap max-sm:hidden">{text}</span>
    </span>
  );
}
