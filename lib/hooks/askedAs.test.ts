import { afterEach, expect, test, vi } from 'vitest';
import { ASKED_AS_PATTERN, type Progress } from '@/lib/flows/contracts/progress';
import { askProgress, nameRequest } from './askedAs';

const progress: Progress = { rowsRead: 5, rowsToRead: 10, ended: 1, running: 1 };
const signal = new AbortController().signal;

function answers(response: Response) {
  const fetched = vi.fn(async (_: string) => response);
  vi.stubGlobal('fetch', fetched);
  return fetched;
}
afterEach(() => vi.unstubAllGlobals());

test('progress is asked for by the name of the request that is under way, and by nothing before and after', async () => {
  const fetched = answers(Response.json(progress));
  expect(await askProgress('/api/flows/a', signal)).toBeNull();
  const { name, end } = nameRequest('/api/flows/a');
  expect(name).toMatch(ASKED_AS_PATTERN);
  expect(await askProgress('/api/flows/a', signal)).toEqual(progress);
  expect(fetched.mock.calls.map(([address]) => address)).toEqual([`/api/flows/progress?of=${name}`]);
  end();
  expect(await askProgress('/api/flows/a', signal)).toBeNull();
});

test('the end of a request that was superseded leaves the name of the one after it', async () => {
  answers(Response.json(progress));
  const first = nameRequest('/api/flows/b');
  const second = nameRequest('/api/flows/b');
  expect(first.name).not.toBe(second.name);
  first.end();
  expect(await askProgress('/api/flows/b', signal)).toEqual(progress);
  second.end();
});

test('a refusal is no progress', async () => {
  answers(new Response('{}', { status: 503 }));
  const { end } = nameRequest('/api/flows/c');
  expect(await askProgress('/api/flows/c', signal)).toBeNull();
  end();
});
