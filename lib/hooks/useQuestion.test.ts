import { afterEach, describe, expect, it, vi } from 'vitest';
import { ask, QuestionError } from './useQuestion';

const signal = new AbortController().signal;
const answers = (status: number, body: string): void => {
  vi.stubGlobal('fetch', async () => new Response(body, { status }));
};
const failure = (): Promise<unknown> =>
  ask('/api/flows/headline', signal).then(
    () => null,
    (error: unknown) => error,
  );

afterEach(() => vi.unstubAllGlobals());

describe('ask', () => {
  it('hands on rows and meta', async () => {
    answers(200, '{"rows":{"a":1},"meta":{}}');
    expect(await ask('/api/flows/headline', signal)).toEqual({ rows: { a: 1 }, meta: {} });
  });

  it("keeps the server's words, hint and request id", async () => {
    answers(
      410,
      '{"error":{"code":"not_retained","message":"Gone.","hint":"Ask for less.","requestId":"r1","retainedFrom":5}}',
    );
    expect(await failure()).toMatchObject({
      code: 'not_retained',
      message: 'Gone.',
      hint: 'Ask for less.',
      requestId: 'r1',
      retainedFrom: 5,
    });
  });

  it.each([
    [401, '', 'unauthenticated'],
    [502, '<html>bad gateway</html>', 'unavailable'],
    [500, 'oops', 'internal'],
    [200, 'no JSON', 'internal'],
  ] as const)('status %d with "%s" is %s, and says what to do', async (status, body, code) => {
    answers(status, body);
    const error = await failure();
    expect(error).toBeInstanceOf(QuestionError);
    expect(error).toMatchObject({ code });
    expect((error as QuestionError).hint).not.toBe('');
  });

  it('a server that is not there is unavailable; a superseded request stays an abort', async () => {
    vi.stubGlobal('fetch', async () => {
      throw new TypeError('fetch failed');
    });
    expect(await failure()).toMatchObject({ code: 'unavailable' });
    const aborted = AbortSignal.abort();
    await expect(ask('/api/flows/headline', aborted)).rejects.not.toBeInstanceOf(QuestionError);
  });
});
