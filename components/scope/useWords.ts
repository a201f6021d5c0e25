'use client';

import { useEffect, useState } from 'react';

type Words = typeof import('@/lib/flows/words/readRange');

/** The rules by which times in words are read; null until they have come: the first dashboard is drawn without them. */
export function useWords(): Words | null {
  const [words, setWords] = useState<Words | null>(null);
  useEffect(() => {
    let isHere = true;
    void import('@/lib/flows/words/readRange').then((loaded) => {
      if (isHere) setWords(loaded);
    });
    return () => {
      isHere = false;
    };
  }, []);
  return words;
}
