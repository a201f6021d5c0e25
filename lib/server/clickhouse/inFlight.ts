import 'server-only';

interface Flight<Value> {
  result: Promise<Value>;
  waiting: number;
  controller: AbortController;
}

const flights = new Map<string, Flight<unknown>>();

/**
 * Runs one of several equal calls and gives its result to all that ask while it runs. A caller whose signal aborts leaves at once; the call
 * itself is aborted when the last one has left. Nothing is kept after it ends.
 */
export async function share<Value>(
  key: string,
  signal: AbortSignal,
  call: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  signal.throwIfAborted();
  const flight = (flights.get(key) as Flight<Value> | undefined) ?? launch(key, call);
  flight.waiting += 1;
  let leave = () => {};
  try {
    return await new Promise<Value>((resolve, reject) => {
      leave = () => reject(signal.reason);
      signal.addEventListener('abort', leave, { once: true });
      flight.result.then(resolve, reject);
    });
  } finally {
    signal.removeEventListener('abort', leave);
    flight.waiting -= 1;
    if (flight.waiting === 0) {
      // Whoever asks from now on must not join a call that is being aborted.
      if (flights.get(key) === flight) flights.delete(key);
      flight.controller.abort();
    }
  }
}

function launch<Value>(key: string, call: (signal: AbortSignal) => Promise<Value>): Flight<Value> {
  const controller = new AbortController();
  const result = call(controller.signal);
  const flight: Flight<Value> = { result, waiting: 0, controller };
  flights.set(key, flight);
  const ended = () => {
    if (flights.get(key) === flight) flights.delete(key);
  };
  result.then(ended, ended);
  return flight;
}
