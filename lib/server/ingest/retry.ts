import 'server-only';

/** ClickHouse errors that pass by themselves: too many parts, memory, simultaneous queries, the same one under way, timeouts, read-only replica. */
const PASSING_CODES = new Set(['252', '241', '202', '216', '159', '209', '210', '242', '285', '319', '999']);
const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_SOCKET',
]);

/** True for errors after which the same request may succeed: lost connections and passing states of the server. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  if (NETWORK_CODES.has(code) || PASSING_CODES.has(code)) return true;
  return (
    /socket hang up|timeout error|ECONNREFUSED|ECONNRESET|EPIPE/i.test(error.message) ||
    isPassing(error.cause)
  );
}

export interface RetryOptions {
  /** Milliseconds after which the last error is thrown. */
  forMs?: number;
  onRetry?(error: unknown, waitMs: number): void;
  signal?: AbortSignal | undefined;
}

/** Runs until it succeeds, fails for good, or the time is up (two minutes, which an engine needs to restart with much data). */
export async function withRetry<T>(run: () => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const until = Date.now() + (options.forMs ?? 120_000);
  for (let waitMs = 100; ; waitMs = Math.min(waitMs * 2, 3_000)) {
    try {
      return await run();
    } catch (error) {
      if (!isPassing(error) || Date.now() + waitMs > until || options.signal?.aborted === true) throw error;
      options.onRetry?.(error, waitMs);
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}
