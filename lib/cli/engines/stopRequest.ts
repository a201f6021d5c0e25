const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Ctrl-C arrives from the terminal and again from the script runner; a person's second one comes later. */
const SAME_REQUEST_MS = 1_000;

/**
 * Calls `handler` once when this process is asked to stop: Ctrl-C, SIGTERM, a closed terminal, or the end of the
 * script runner that started it. A second request exits at once with 130; the engines end by themselves then.
 * @returns takes the handlers away again
 */
export function onStopRequest(handler: (reason: string) => void): () => void {
  let first: number | undefined;
  const request = (reason: string) => {
    const now = performance.now();
    if (first === undefined) {
      first = now;
      handler(reason);
    } else if (now - first > SAME_REQUEST_MS && reason !== 'disconnect') {
      process.exit(130);
    }
  };
  const listeners = signals.map((signal) => ({ signal, listener: () => request(signal) }));
  for (const { signal, listener } of listeners) process.on(signal, listener);
  // tsx holds a channel to the program it runs; the channel closes when tsx is killed.
  const disconnected = () => request('disconnect');
  process.on('disconnect', disconnected);
  return () => {
    for (const { signal, listener } of listeners) process.off(signal, listener);
    process.off('disconnect', disconnected);
  };
}
