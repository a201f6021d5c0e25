'use client';

import { useEffect, useState } from 'react';
import { PageFailed } from '@/components/shell/PageFailed';

/**
 * A page without its frame, as the frame could not be made: most often because PostgreSQL, which knows who is signed in, does not answer. What
 * fails inside of the frame is said there: `(dash)/error.tsx`.
 */
export default function PageError({ error, retry }: { error: unknown; retry: () => void }) {
  const [tries, setTries] = useState(0);
  // The engines are restarted within seconds when they crash: a few tries by itself spare a click.
  useEffect(() => {
    if (tries >= 3) return;
    const timer = setTimeout(() => {
      setTries(tries + 1);
      retry();
    }, 5_000);
    return () => clearTimeout(timer);
  }, [tries, retry]);
  return (
    <main className="flex min-h-dvh items-center justify-center px-4 pb-16">
      <PageFailed title="This page could not be made" error={error} onAgain={() => window.location.reload()}>
        Weir could not find out who is signed in: its PostgreSQL may be starting, or does not answer. On the
        machine that runs Weir,{' '}
        <code className="rounded-[3px] bg-hover px-1 font-mono text-axis text-text">npm run doctor</code> says
        what is wrong and how to mend it.
      </PageFailed>
    </main>
  );
}
