'use client';

import { useEffect, useState } from 'react';
import { Button } from '@/components/ui/Button';

/** An answer that lasts longer than a second says for how long it is awaited, and can be given up. */
export function Waiting(props: {
  busy: boolean;
  /** changes with the question, so that each is timed by itself */
  asked: string;
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
    <span className="flex items-center gap-2 text-axis text-muted">
      <span role="status" className="tabular whitespace-nowrap">
        Asking for {waited.seconds}
        {'\u2009'}s
      </span>
      <Button onClick={props.onCancel} className="h-7!">
        Cancel
      </Button>
    </span>
  );
}
