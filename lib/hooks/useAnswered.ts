'use client';

import type { UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import type { Answer } from '@/lib/flows/contracts/envelope';
import type { QuestionError } from './useQuestion';

/** An answer together with what was asked. */
export interface Answered<Rows, Asked> {
  readonly answer: Answer<Rows>;
  readonly asked: Asked;
  /** UTC epoch seconds */
  readonly at: number;
}

/**
 * The answer that is on the screen, with what it answers: while a new question is under way the old picture stays, and must be read as the
 * answer to the old question.
 * @param asked what is asked now; keep its identity while nothing changes
 */
export function useAnswered<Rows, Asked>(
  query: UseQueryResult<Answer<Rows>, QuestionError>,
  asked: Asked,
): Answered<Rows, Asked> | null {
  const [kept, setKept] = useState<Answered<Rows, Asked> | null>(null);
  const { data, isPlaceholderData, dataUpdatedAt } = query;
  if (data === undefined) return null;
  if (!isPlaceholderData && (kept?.answer !== data || kept.asked !== asked)) {
    const next = { answer: data, asked, at: Math.floor(dataUpdatedAt / 1000) };
    setKept(next);
    return next;
  }
  return kept;
}
