'use client';

import { useEffect, useState } from 'react';
import type { Progress } from '@/lib/flows/contracts/progress';
import type { Scope } from '@/lib/flows/scope';
import { askProgress } from './askedAs';
import type { Question } from './questions';
import { usePageClock } from './usePageClock';
import { type Options, queryOf } from './useQuestion';

/** Most answers are there before anybody could read how far they have come. */
const FIRST_MS = 1_500;
const EVERY_MS = 1_000;

/** How far a question has come that is under way for longer than 1.5 s, asked each second; null until then and where nobody can tell. */
export function useProgress<Rows>(
  question: Question<Rows>,
  scope: Scope,
  options: Options,
  busy: boolean,
): Progress | null {
  const at = usePageClock()?.at ?? null;
  const [, address] = queryOf(question, scope, options, at).queryKey;
  const [known, setKnown] = useState<{ of: string; progress: Progress } | null>(null);
  useEffect(() => {
    if (!busy || address === undefined) return;
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      try {
        const progress = await askProgress(address, controller.signal);
        if (progress !== null) setKnown({ of: address, progress });
      } catch {
        // Only a help: the seconds go on counting, and the question itself says what is wrong.
      }
      if (!controller.signal.aborted) timer = setTimeout(look, EVERY_MS);
    };
    timer = setTimeout(look, FIRST_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
      setKnown(null);
    };
  }, [busy, address]);
  return known !== null && known.of === address ? known.progress : null;
}
