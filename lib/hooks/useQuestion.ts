'use client';

import { keepPreviousData, type QueryClient, type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { addressOf } from '@/lib/flows/contracts/address';
import type { Answer, ErrorCode, ErrorEnvelope } from '@/lib/flows/contracts/envelope';
import { ASKED_AS } from '@/lib/flows/contracts/progress';
import { SLOT_SECONDS } from '@/lib/flows/presets';
import type { Scope } from '@/lib/flows/scope';
import { nameRequest } from './askedAs';
import { type EarlyAnswer, takeEarly } from './earlyAnswers';
import type { Question } from './questions';
import { type Mounted, type PageClock, usePageClock } from './usePageClock';

/** Why a question was not answered, in words a person can act upon. */
export class QuestionError extends Error {
  override readonly name = 'QuestionError';
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly hint: string,
    readonly requestId: string | null,
    /** not_retained: the first instant still kept, UTC epoch seconds */
    readonly retainedFrom: number | null,
    /** too_expensive: the length of a range that can be asked for, seconds */
    readonly longestSeconds: number | null = null,
  ) {
    super(message);
  }
}

/** How long to wait before asking again when the engine is away: it is restarted within seconds. */
const RETRY_UNAVAILABLE_MS = 2_000;

export type Options = Readonly<Record<string, string | undefined>>;

/** With each slot of the clock an answer is asked whole, so that records which came late show soon. */
function slotOf(milliseconds: number): number {
  return Math.floor(milliseconds / (SLOT_SECONDS * 1000));
}

/**
 * One question as TanStack Query knows it. The key is the address, which holds every input; a superseded request is aborted. Where the
 * question can be asked for what is new alone, an answer that is held goes on from there.
 * @param wholeSince answers that came before it (milliseconds, as Date.now) are asked whole again
 */
export function queryOf<Rows>(
  question: Question<Rows>,
  scope: Scope,
  options: Options | undefined,
  at: number | null,
  wholeSince: () => number = () => 0,
) {
  const address = addressOf(question, scope, options, at);
  const queryKey = ['flows', address] as const;
  return {
    queryKey,
    queryFn: async ({
      signal,
      client,
    }: {
      signal: AbortSignal;
      client: QueryClient;
    }): Promise<Answer<Rows>> => {
      const held = client.getQueryState<Answer<Rows>>(queryKey);
      const isFresh =
        held !== undefined &&
        held.dataUpdatedAt > wholeSince() &&
        slotOf(held.dataUpdatedAt) === slotOf(Date.now());
      const early = takeEarly(address);
      const { name, end } = nameRequest(address, early?.name);
      try {
        if (early) return await ask<Rows>(address, signal, name, early);
        const more = isFresh && held.data ? question.tail?.options(held.data.meta) : null;
        if (!more || !held?.data || !question.tail) return await ask<Rows>(address, signal, name);
        const answer = await ask<Rows>(addressOf(question, scope, { ...options, ...more }, at), signal, name);
        const rows = question.tail.join(held.data.rows, answer.rows);
        if (rows === answer.rows) return answer;
        // What was said of the settled part holds on.
        return rows === null
          ? await ask<Rows>(address, signal, name)
          : { rows, meta: { ...answer.meta, notes: held.data.meta.notes } };
      } finally {
        end();
      }
    },
    staleTime: 5_000,
    retry: false as const,
    // The page's clock catches up for all at once.
    refetchOnWindowFocus: false,
  };
}

/**
 * Asks one question about a scope, as of the page's clock, which also asks again (`usePageClock`). While a new scope loads the old
 * answer stays (`isPlaceholderData`).
 * @param refresh milliseconds after which this question is asked again besides, or a choice by what was answered. An unavailable
 *   engine is asked again by itself.
 * @param options the question's own parameters
 */
export function useQuestion<Rows>(
  question: Question<Rows>,
  scope: Scope,
  refresh: number | false | ((answer: Answer<Rows> | undefined) => number | false) = false,
  options?: Options,
): UseQueryResult<Answer<Rows>, QuestionError> {
  const clock = usePageClock();
  useMounted(clock, question.path, options);
  const query = queryOf(question, scope, options, clock?.at ?? null, clock?.refreshedAt);
  // The server only writes the page, and what it asks into it.
  if (typeof window === 'undefined') clock?.early.add(query.queryKey[1]);
  return useQuery<Answer<Rows>, QuestionError>({
    ...query,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => {
      if (state.error?.code === 'unavailable') return RETRY_UNAVAILABLE_MS;
      return typeof refresh === 'function' ? refresh(state.data) : refresh;
    },
  });
}

/** Tells the page's clock which questions are on the page, so that they can be asked ahead (`usePrefetch`). */
function useMounted(
  clock: PageClock | null,
  path: Question<unknown>['path'],
  options: Options | undefined,
): void {
  const mounted = clock?.mounted;
  const key = JSON.stringify(options ?? {});
  useEffect(() => {
    if (mounted === undefined) return;
    const asked: Mounted = { question: { path }, options: JSON.parse(key) as Options };
    mounted.add(asked);
    return () => {
      mounted.delete(asked);
    };
  }, [mounted, path, key]);
}

/**
 * One GET of a question; every way it can fail becomes a QuestionError, except an abort, which stays one.
 * @param name under which its progress can be asked for
 * @param early the request, where it is under way already
 */
export async function ask<Rows>(
  address: string,
  signal: AbortSignal,
  name?: string,
  early?: EarlyAnswer,
): Promise<Answer<Rows>> {
  const headers = name === undefined ? {} : { headers: { [ASKED_AS]: name } };
  if (early) signal.addEventListener('abort', () => early.stop.abort(signal.reason));
  const body = await fetchJson<unknown>(address, { signal, ...headers }, early?.response);
  if (isAnswer<Rows>(body)) return body;
  throw unexplained('The server answered without an answer');
}

/**
 * One request for JSON.
 * @param begun its response, where it is under way already
 * @throws QuestionError for every way it can fail, except an abort, which stays one
 */
export async function fetchJson<Body>(
  address: string,
  init: RequestInit,
  begun?: Promise<Response>,
): Promise<Body> {
  let response: Response;
  try {
    response = await (begun ??
      fetch(address, {
        ...init,
        headers: { accept: 'application/json', ...(init.headers as Record<string, string> | undefined) },
      }));
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    throw new QuestionError(
      'unavailable',
      'Weir does not answer',
      'Check that the server runs and that this computer can reach it. The page asks again by itself.',
      null,
      null,
    );
  }
  const body: unknown = await response.json().catch(() => null);
  if (response.ok && body !== null) return body as Body;
  if (isErrorEnvelope(body)) {
    const { code, message, hint, requestId, retainedFrom, longestSeconds } = body.error;
    throw new QuestionError(code, message, hint, requestId, retainedFrom ?? null, longestSeconds ?? null);
  }
  if (response.status === 401)
    throw new QuestionError(
      'unauthenticated',
      'Your session has ended',
      'Sign in again to go on.',
      null,
      null,
    );
  throw unexplained(
    `The server answered ${response.status} without saying why`,
    response.status >= 502 ? 'unavailable' : 'internal',
  );
}

function unexplained(message: string, code: ErrorCode = 'internal'): QuestionError {
  return new QuestionError(
    code,
    message,
    'Look into the server log around this time, then retry.',
    null,
    null,
  );
}

function isAnswer<Rows>(body: unknown): body is Answer<Rows> {
  return typeof body === 'object' && body !== null && 'rows' in body && 'meta' in body;
}

function isErrorEnvelope(body: unknown): body is ErrorEnvelope {
  return (
    typeof body === 'object' &&
    body !== null &&
    'error' in body &&
    typeof body.error === 'object' &&
    body.error !== null &&
    'code' in body.error
  );
}
