import { gzipSync } from 'node:zlib';
import type { SpreadRecord } from '@/lib/server/ingest/testing/expected';
import { pause } from '@/lib/server/process/pause';
import { recordsOf } from './records';

/** Sends bodies one after the other, as a program does that follows the README: the same again under its key until it is answered with 2xx. */
export class Sender {
  /** Everything that was sent, whether answered or not yet. */
  readonly records: SpreadRecord[] = [];
  requests = 0;
  /** Attempts that got no answer, or were told to come again. */
  repeats = 0;
  private stopped = false;
  private givenUp = false;
  private readonly make: (count: number) => { lines: string[]; records: SpreadRecord[] };

  constructor(
    private readonly url: string,
    private readonly token: string,
    private readonly way: number,
    private readonly recordsEach: number,
  ) {
    this.make = recordsOf(way);
  }

  /** Sends until asked to stop. @throws Error for an answer that sending again cannot mend, or that does not add up */
  async run(): Promise<void> {
    while (!this.stopped) {
      const { lines, records } = this.make(this.recordsEach);
      this.records.push(...records);
      await this.untilAnswered(`way-${this.way}-${this.requests}`, Buffer.from(lines.join('')));
      this.requests += 1;
    }
  }

  /** The request under way is still sent until it is answered. */
  stop(): void {
    this.stopped = true;
  }

  /** Nobody will answer any more. */
  giveUp(): void {
    this.stopped = true;
    this.givenUp = true;
  }

  private async untilAnswered(key: string, body: Buffer): Promise<void> {
    const zipped = this.requests % 2 === 0;
    for (;;) {
      const answer = await fetch(`${this.url}/api/ingest`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${this.token}`,
          'content-type': 'application/x-ndjson',
          'idempotency-key': key,
          ...(zipped ? { 'content-encoding': 'gzip' } : {}),
        },
        body: new Uint8Array(zipped ? gzipSync(body) : body),
      })
        .then(async (response) => ({ status: response.status, text: await response.text() }))
        // The server is gone, or went in the middle.
        .catch(() => null);
      if (answer !== null && answer.status >= 200 && answer.status < 300) {
        const { accepted, duplicates } = JSON.parse(answer.text) as Record<string, number>;
        if ((accepted ?? 0) + (duplicates ?? 0) === this.recordsEach) return;
        throw new Error(`${key} was answered with ${answer.text}`);
      }
      if (answer !== null && answer.status < 500 && answer.status !== 429) {
        throw new Error(`${key} was answered with ${answer.status}: ${answer.text}`);
      }
      if (this.givenUp) return;
      this.repeats += 1;
      // Sooner than Retry-After asks for, so that much falls into the time in which things are mended.
      await pause(200);
    }
  }
}
