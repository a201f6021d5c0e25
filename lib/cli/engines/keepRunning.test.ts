import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Exit } from '@/lib/server/process/ownedChild';
import { keepRunning } from './keepRunning';

interface Fake {
  pid: number;
  exited: Promise<Exit>;
  crash: () => void;
  stop: () => Promise<boolean>;
}

let nextPid: number;
function fake(): Fake {
  let end: (exit: Exit) => void = () => {};
  const exited = new Promise<Exit>((resolve) => {
    end = resolve;
  });
  nextPid += 1;
  return {
    pid: nextPid,
    exited,
    crash: () => end({ code: null, signal: 'SIGSEGV' }),
    stop: async () => {
      end({ code: 0, signal: null });
      return true;
    },
  };
}

beforeEach(() => {
  nextPid = 0;
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp(again: () => Promise<Fake>) {
  const first = fake();
  const lines: string[] = [];
  const crashes = vi.fn(async () => {});
  const restarts = vi.fn();
  const kept = keepRunning({
    name: 'Engine',
    first,
    again,
    log: (line) => lines.push(line),
    onCrash: crashes,
    onRestart: restarts,
  });
  return { first, lines, crashes, restarts, kept };
}

describe('keepRunning', () => {
  it('starts a crashed engine again after half a second, and says so', async () => {
    const again = vi.fn(async () => fake());
    const { first, lines, crashes, restarts, kept } = setUp(again);
    first.crash();
    await vi.advanceTimersByTimeAsync(499);
    expect(crashes).toHaveBeenCalledTimes(1);
    expect(again).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(again).toHaveBeenCalledTimes(1);
    expect(restarts).toHaveBeenCalledTimes(1);
    expect(lines).toEqual([
      'Engine ended by itself (SIGSEGV). Starting it again in 0.5 s …',
      'Engine runs again (process 2).',
    ]);
    expect(await kept.stop()).toBe(true);
  });

  it('waits twice as long after each failed start, thirty seconds at most, and tells the reason', async () => {
    const at: number[] = [];
    const begun = Date.now();
    const again = async (): Promise<Fake> => {
      at.push(Date.now() - begun);
      throw new Error('The disk is full.');
    };
    const { first, lines, kept } = setUp(again);
    first.crash();
    await vi.advanceTimersByTimeAsync(125_000);
    expect(at).toEqual([500, 1_500, 3_500, 7_500, 15_500, 31_500, 61_500, 91_500, 121_500]);
    expect(lines[1]).toBe('The disk is full.\nTrying again in 1 s …');
    expect(await kept.stop()).toBe(false);
  });

  it('begins with the short pause again when an engine had run for a minute', async () => {
    const started: Fake[] = [];
    const again = vi.fn(async () => {
      const engine = fake();
      started.push(engine);
      return engine;
    });
    const { first, kept } = setUp(again);
    first.crash();
    await vi.advanceTimersByTimeAsync(500);
    started[0]?.crash();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(again).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(61_000);
    started[1]?.crash();
    await vi.advanceTimersByTimeAsync(500);
    expect(again).toHaveBeenCalledTimes(3);
    await kept.stop();
  });

  it('restarts nothing after stop, neither in a pause nor in the middle of a start', async () => {
    const again = vi.fn(async () => fake());
    const { first, kept } = setUp(again);
    first.crash();
    await vi.advanceTimersByTimeAsync(100);
    expect(await kept.stop()).toBe(false);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(again).not.toHaveBeenCalled();
  });
});
