import { beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { Permission } from '@/lib/auth/permissions';
import { defineContract, noOptions } from '@/lib/flows/contracts/contract';
import { errorSchema } from '@/lib/flows/contracts/envelope';
import type { Scope } from '@/lib/flows/scope';
import type { Principal } from './auth/principal';
import { AppError } from './errors';
import { question } from './route';

const { state } = vi.hoisted(() => ({
  state: { principal: null as Principal | null, logged: [] as unknown[], asked: [] as Permission[] },
}));

vi.mock('./auth/principal', () => ({
  requirePermission: async (permission: Permission) => {
    state.asked.push(permission);
    if (state.principal === null) throw new AppError('unauthenticated', 'Nobody is signed in.', 'Sign in.');
    return state.principal;
  },
}));
vi.mock('./log', () => ({ log: { error: (...all: unknown[]) => state.logged.push(all) } }));

const contract = defineContract({
  name: 'test-question',
  options: noOptions,
  rows: z.object({ scope: z.unknown() }),
});
let answer: (
  request: { scope: Scope },
  context: { signal: AbortSignal; requestId: string },
) => Promise<never>;
const GET = question(contract, (request, context) => answer(request, context));

const get = (query = '', signal?: AbortSignal) =>
  GET(
    new Request(
      `http://weir.example/api/flows/test-question${query}`,
      signal === undefined ? {} : { signal },
    ),
  );

async function errorOf(response: Response) {
  return { status: response.status, ...errorSchema.parse(await response.json()).error };
}

beforeEach(() => {
  state.principal = {
    personId: 'p1',
    sessionId: 's1',
    name: 'Ada',
    email: 'ada@weir.example',
    role: 'viewer',
  };
  state.logged.length = 0;
  state.asked.length = 0;
  answer = async ({ scope }) => ({ rows: { scope }, meta: {} }) as never;
});

test('a signed-in person with the permission gets rows and meta, never cached', async () => {
  const response = await get('?range=7d&dir=egress');
  expect(response.status).toBe(200);
  expect(response.headers.get('cache-control')).toBe('private, no-store');
  expect(await response.json()).toMatchObject({
    rows: { scope: { direction: 'egress', range: { preset: '7d' } } },
    meta: {},
  });
  expect(state.asked).toEqual(['flows.read']);
});

describe("the page's clock", () => {
  const asked = async (at: number) => {
    const response = await get(`?range=1h&at=${new Date(at * 1000).toISOString()}`);
    const { rows } = (await response.json()) as { rows: { scope: { range: unknown } } };
    return rows.scope.range;
  };
  const now = () => Math.floor(Date.now() / 1000);

  test('says which instants a preset means', async () => {
    const slot = Math.floor(now() / 300) * 300;
    expect(await asked(slot - 3_600)).toEqual({ kind: 'absolute', from: slot - 7_200, to: slot - 3_600 });
  });

  test('is not believed where it is wrong by more than can be', async () => {
    const preset = { kind: 'preset', preset: '1h' };
    expect(await asked(now() + 300)).toEqual(preset);
    expect(await asked(now() - 2 * 86_400)).toEqual(preset);
  });

  test('has to be an instant', async () => {
    expect(await errorOf(await get('?at=noon'))).toMatchObject({ code: 'bad_request', field: 'at' });
  });
});

describe('what goes wrong comes back as one envelope', () => {
  test('nobody signed in: before anything else is looked at', async () => {
    state.principal = null;
    expect(await errorOf(await get('?range=nonsense'))).toMatchObject({
      status: 401,
      code: 'unauthenticated',
    });
  });

  test('a parameter that cannot be read is named, all of them in the message', async () => {
    const error = await errorOf(await get('?range=7m&zone=Mars&colour=red'));
    expect(error).toMatchObject({ status: 400, code: 'bad_request', field: 'range' });
    expect(error.message).toMatch(/range is "7m".*zone is "Mars".*colour: is not a parameter/);
  });

  test('what is not kept carries the first date that is', async () => {
    answer = async () => {
      throw new AppError('not_retained', 'Too old.', 'Choose later.', { retainedFrom: 1_000 });
    };
    expect(await errorOf(await get())).toMatchObject({
      status: 410,
      code: 'not_retained',
      retainedFrom: 1_000,
    });
    expect(state.logged).toEqual([]);
  });

  test('an error nobody foresaw says nothing of the inside, and is logged under the request id it names', async () => {
    answer = async () => {
      throw new Error('password=hunter2 at 10.0.0.1');
    };
    const error = await errorOf(await get());
    expect(error).toMatchObject({ status: 500, code: 'internal' });
    expect(JSON.stringify(error)).not.toMatch(/hunter2|10\.0\.0\.1/);
    expect(JSON.stringify(state.logged)).toContain(error.requestId);
  });
});

test('the handler is told when the client has gone', async () => {
  const controller = new AbortController();
  answer = (_, { signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new AppError('cancelled', 'Gone.', 'Ask again.')));
    });
  const response = get('', controller.signal);
  await Promise.resolve();
  setTimeout(() => controller.abort(), 0);
  expect((await response).status).toBe(499);
});

test('one person may not have more than 48 requests running; when they end, the next is answered', async () => {
  let finish = () => {};
  const wait = new Promise<void>((resolve) => {
    finish = resolve;
  });
  answer = async () => {
    await wait;
    return { rows: {}, meta: {} } as never;
  };
  const running = Array.from({ length: 48 }, () => get());
  await new Promise((resolve) => setImmediate(resolve));
  expect(await errorOf(await get())).toMatchObject({ status: 429, code: 'too_expensive' });
  state.principal = { ...(state.principal as Principal), personId: 'p2' };
  const other = get();
  finish();
  expect((await other).status).toBe(200);
  await Promise.all(running);
  state.principal = { ...(state.principal as Principal), personId: 'p1' };
  expect((await get()).status).toBe(200);
});
