import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DEFAULT_SCOPE, type Scope } from '@/lib/flows/scope';
import { questions } from './questions';
import { queryOf } from './useQuestion';

const AT = Date.parse('2026-11-22T19:20:00Z') / 1000;
const days = (preset: '3d' | '7d'): Scope => ({ ...DEFAULT_SCOPE, range: { kind: 'preset', preset } });
const query = (scope: Scope) => queryOf(questions.headline, scope, undefined, AT);

/** Requests that wait for ever, by their range. */
const waiting = new Map<string, AbortSignal>();
let client: QueryClient;

beforeEach(() => {
  client = new QueryClient();
  waiting.clear();
  vi.stubGlobal('fetch', (address: string, { signal }: { signal: AbortSignal }) => {
    waiting.set(new URLSearchParams(address.split('?')[1]).get('range') ?? '', signal);
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  });
});
afterEach(() => {
  client.clear();
  vi.unstubAllGlobals();
});

it('a new scope cancels what is under way for the old one', async () => {
  const observer = new QueryObserver(client, query(days('3d')));
  const leave = observer.subscribe(() => {});
  await vi.waitFor(() => expect(waiting.has('3d')).toBe(true));
  observer.setOptions(query(days('7d')));
  await vi.waitFor(() => expect(waiting.has('7d')).toBe(true));
  expect(waiting.get('3d')?.aborted).toBe(true);
  expect(waiting.get('7d')?.aborted).toBe(false);
  leave();
});

it('what was asked ahead is cancelled when it is not wanted, and goes on when a panel waits for it', async () => {
  void client.prefetchQuery(query(days('3d')));
  void client.prefetchQuery(query(days('7d')));
  await vi.waitFor(() => expect(waiting.size).toBe(2));
  const leave = new QueryObserver(client, query(days('7d'))).subscribe(() => {});
  for (const preset of ['3d', '7d'] as const) {
    const { queryKey } = query(days(preset));
    void client.cancelQueries({ queryKey, exact: true, type: 'inactive' });
  }
  await vi.waitFor(() => expect(waiting.get('3d')?.aborted).toBe(true));
  expect(waiting.get('7d')?.aborted).toBe(false);
  leave();
});
