const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** A script runner may pass on a Ctrl-C that the terminal has sent us already; a person's second one comes later. */
const SAME_REQUEST_MS = 1_000;

/**
 * Calls `handler` once when this process is asked to stop: Ctrl-C, SIGTERM, a closed terminal. A second request exits
 * at once with 130; the engines end by themselves then.
 * @returns takes the handlers away again
 */
export function onStopRequest(handler: (signal: NodeJS.Signals) => void): () => void {
  let first: number | undefined;
  const listeners = signals.map((signal) => ({
    signal,
    listener: () => {
      const now = performance.now();
      if (first === undefined) {
        first = now;
        handler(signal);
      } else if (now - first > SAME_REQUEST_MS) {
        process.exit(130);
      }
    },
  }));
  for (const { signal, listener } of listeners) process.on(signal, listener);
  return () => {
    for (const { signal, listener } of listeners) process.off(signal, listener);
  };
}
