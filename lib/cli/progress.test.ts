import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProgress } from './progress';

beforeEach(() => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance', 'Date'] }));
afterEach(() => vi.useRealTimers());

/** A terminal, and what was written to it. */
function terminal(): { out: NodeJS.WriteStream; text: () => string } {
  let written = '';
  const out = new Writable({
    write(chunk, _, done) {
      written += String(chunk);
      done();
    },
  });
  return {
    out: Object.assign(out, { isTTY: true, columns: 120 }) as unknown as NodeJS.WriteStream,
    text: () => written,
  };
}

describe('progress on a terminal', () => {
  it('a step that says nothing of itself still shows for how long it has been going on', async () => {
    const { out, text } = terminal();
    const progress = createProgress(out);
    let finish = () => {};
    const step = progress.step('Web build', () => new Promise<void>((resolve) => (finish = resolve)));
    vi.advanceTimersByTime(12_000);
    expect(text()).toContain('Web build, 12 s');
    finish();
    await step;
    expect(text()).toContain('✓ Web build (12.0 s)');
    progress.end();
  });
});
