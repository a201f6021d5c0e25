import 'server-only';
import { HEAD_BYTES, tellsItsFormat } from './decoder';

/** An input whose first bytes have been looked at. */
export interface HeadedInput {
  /** The first bytes: enough to tell the format, or all there are. */
  head: Buffer;
  /** The input from its beginning, head included. */
  chunks: AsyncIterable<Buffer>;
}

/** Reads as much of an input as its format needs to be told, and gives it back whole. An input that fails does so when it is read on. */
export async function headOf(input: AsyncIterable<Buffer>): Promise<HeadedInput> {
  const iterator = input[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  let ended = false;
  let failure: { error: unknown } | null = null;
  while (!ended && head.length < HEAD_BYTES && !tellsItsFormat(head)) {
    try {
      const next = await iterator.next();
      if (next.done === true) ended = true;
      else head = Buffer.concat([head, next.value]);
    } catch (error) {
      failure = { error };
      ended = true;
    }
  }
  const chunks = async function* (): AsyncGenerator<Buffer> {
    if (head.length > 0) yield head;
    if (failure !== null) throw failure.error;
    if (!ended) yield* { [Symbol.asyncIterator]: () => iterator };
  };
  return { head, chunks: chunks() };
}
