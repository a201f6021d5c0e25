import 'server-only';
import { AppError } from '@/lib/server/errors';
import type { HttpLimits } from './limits';

/** A request that has been let in. */
export interface Ticket {
  /** Counts bytes that are held for it. @throws AppError busy where there is no room for them */
  take(bytes: number): void;
  /** Runs when it is its turn to be stored. */
  inTurn<T>(run: () => Promise<T>): Promise<T>;
  /** Lets go of everything; calling it again does nothing. */
  leave(): void;
}

/**
 * How much may be under way at once: requests, bytes of their bodies, and how many are stored at a time. Whoever comes beyond that is
 * sent away with 429 before the body is read, so nothing is ever queued without bound.
 */
export class Admission {
  private requests = 0;
  private bytes = 0;
  private storing = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly limits: Omit<HttpLimits, 'batchSize'>) {}

  /** @throws AppError busy where too many requests are under way */
  enter(): Ticket {
    if (this.requests >= this.limits.requests) throw this.busy(`${this.requests} requests are under way`);
    this.requests += 1;
    let held = 0;
    let inside = true;
    return {
      take: (bytes) => {
        if (this.bytes + bytes > this.limits.queueBytes) {
          throw this.busy(`${Math.round(this.bytes / 1024)} KiB of records wait to be stored`);
        }
        held += bytes;
        this.bytes += bytes;
      },
      inTurn: (run) => this.inTurn(run),
      leave: () => {
        if (!inside) return;
        inside = false;
        this.requests -= 1;
        this.bytes -= held;
      },
    };
  }

  private async inTurn<T>(run: () => Promise<T>): Promise<T> {
    // The one who leaves hands its place over, so a newcomer cannot slip in between.
    if (this.storing >= this.limits.storing) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.storing += 1;
    try {
      return await run();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.storing -= 1;
      else next();
    }
  }

  private busy(why: string): AppError {
    return new AppError(
      'busy',
      `The server is storing as fast as it can: ${why}.`,
      'Nothing of this request was stored. Send it again after the seconds that Retry-After names, and then fewer at a time.',
      { retryAfterSeconds: 2 },
    );
  }
}
