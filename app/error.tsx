'use client';

import { useEffect, useState } from 'react';
import { Button } from '@/components/ui/Button';

/** A page that could not be made at all, most often because PostgreSQL, which knows who is signed in, does not answer. */
export default function PageError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  const [tries, setTries] = useState(0);
  // The engines are restarted within seconds when they crash: a few tries by itself spare a click.
  useEffect(() => {
    if (tries >= 3) return;
    const timer = setTimeout(() => {
      setTries(tries + 1);
      reset();
    }, 5_000);
    return () => clearTimeout(timer);
  }, [tries, reset]);
  return (
    <main className="flex min-h-dvh items-center justify-center px-4">
      <div role="alert" className="max-w-[56ch] pb-16 text-center">
        <h1 className="text-title font-semibold tracking-tight">This page could not be made</h1>
        <p className="mt-2 text-muted">
          Weir could not find out who is signed in: its PostgreSQL may be starting, or does not answer. On the
          machine that runs Weir,{' '}
          <code className="rounded-[3px] bg-hover px-1 font-mono text-axis text-text">npm run doctor</code>{' '}
          says what is wrong and how to mend it.
        </p>
        <Button className="mt-4" onClick={() => window.location.reload()}>
          Try again
        </Button>
        {error.digest ? <p className="mt-3 font-mono text-[11px] text-muted">Error {error.digest}</p> : null}
      </div>
    </main>
  );
}
