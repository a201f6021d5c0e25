import { runInNewContext } from 'node:vm';
import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ASKED_AS, ASKED_AS_PATTERN } from '@/lib/flows/contracts/progress';
import { DEFAULT_SCOPE } from '@/lib/flows/scope';
import { earlyScript, takeEarly } from './earlyAnswers';
import { questions } from './questions';
import { queryOf } from './useQuestion';

const AT = Date.parse('2026-11-22T19:20:00Z') / 1000;
const query = queryOf(questions.headline, DEFAULT_SCOPE, undefined, AT);
const address = query.queryKey[1];
const answer = { rows: {}, meta: {} };

const page: { weirEarly?: Window['weirEarly'] } = {};
const fetched = vi.fn(
  (_: string, __: { signal: AbortSignal; headers: Record<string, string> }): Promise<Response> =>
    Promise.resolve(Response.json(answer)),
);
let client: QueryClient;

beforeEach(() => {
  client = new QueryClient();
  vi.stubGlobal('window', page);
  vi.stubGlobal('fetch', fetched);
});
afterEach(() => {
  client.clear();
  delete page.weirEarly;
  fetched.mockClear();
  vi.unstubAllGlobals();
});

/** As the browser does where the script stands in the HTML. */
function run(...addresses: string[]): void {
  runInNewContext(earlyScript(addresses), { window: page, fetch: fetched, AbortController });
}

it('begins each request once, under a name of its own', () => {
  run('/api/flows/a', '/api/flows/b');
  run('/api/flows/b');
  expect(fetched.mock.calls.map(([asked]) => asked)).toEqual(['/api/flows/a', '/api/flows/b']);
  const names = fetched.mock.calls.map(([, { headers }]) => headers[ASKED_AS] ?? '');
  for (const name of names) expect(name).toMatch(ASKED_AS_PATTERN);
  expect(new Set(names).size).toBe(2);
  expect(takeEarly('/api/flows/a')?.name).toBe(names[0]);
  expect(takeEarly('/api/flows/a')).toBeUndefined();
});

it('holds what anybody may write into an address', () => {
  const written = '/api/flows/a?filter=</script><script>"\'\u2028';
  expect(earlyScript([written])).not.toContain('<');
  run(written);
  expect(fetched.mock.calls[0]?.[0]).toBe(written);
});

it('answers the question that asks for it, which asks nobody else; the next time it is asked anew', async () => {
  run(address);
  expect(await client.fetchQuery(query)).toEqual(answer);
  expect(fetched).toHaveBeenCalledTimes(1);
  await client.fetchQuery({ ...query, staleTime: 0 });
  expect(fetched).toHaveBeenCalledTimes(2);
});

it('is cancelled with the question', async () => {
  fetched.mockImplementationOnce(
    (_, { signal }) =>
      new Promise((__, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  );
  run(address);
  const asked = client.fetchQuery(query).catch(() => 'given up');
  await vi.waitFor(() => expect(page.weirEarly).toEqual({}));
  await client.cancelQueries({ queryKey: query.queryKey });
  expect(await asked).toBe('given up');
  expect(fetched.mock.calls[0]?.[1].signal.aborted).toBe(true);
});
