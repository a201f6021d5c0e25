import 'server-only';
import { createHash } from 'node:crypto';
import { AppError, badRequest } from '@/lib/server/errors';
import { InputCutError } from '../formats';
import { decompressed } from '../openInput';
import type { Ticket } from './admission';
import type { HttpLimits } from './limits';

/** A body that has come whole and can be unzipped to its end. */
export interface Body {
  /** The unzipped bytes, as often as they are asked for. */
  chunks(): AsyncIterable<Buffer>;
  /** The first unzipped bytes, for naming a line in an error. */
  head: Buffer;
  /** SHA-256 (hex) of the unzipped bytes. */
  sha256: string;
}

const HEAD_BYTES = 1024 * 1024;
/** What some programs send by themselves and that is certainly no list of records. */
const OTHER_TYPES = /^(multipart\/|application\/x-www-form-urlencoded|image\/|audio\/|video\/)/i;

/**
 * Reads a request's body as it comes, no faster than it is taken, into at most `bodyBytes` of memory. Nothing is stored of a body
 * that does not come whole.
 * @throws AppError bad_request, too_large, unsupported_media, busy, cancelled
 */
export async function readBody(request: Request, ticket: Ticket, limits: HttpLimits): Promise<Body> {
  const zipped = checkHeaders(request, limits);
  const declared = request.headers.get('content-length');
  const reserved = declared === null ? 0 : Number(declared);
  ticket.take(reserved);
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of bodyOf(request)) {
    bytes += chunk.length;
    if (bytes > limits.bodyBytes) throw tooLarge(limits.bodyBytes);
    if (declared === null) ticket.take(chunk.length);
    pieces.push(chunk);
  }
  if (bytes === 0) throw badRequest('body', 'The request has no body.', 'Send the records as its body.');
  if (zipped && !(pieces[0]?.[0] === 0x1f && Buffer.concat(pieces.slice(0, 2))[1] === 0x8b)) {
    throw badRequest(
      'content-encoding',
      'Content-Encoding says gzip, and the body is not.',
      'Leave the header out, or compress the body with gzip.',
    );
  }
  const chunks = () => decompressed(each(pieces), 'the body');
  return { chunks, ...(await inspect(chunks(), limits)) };
}

/** @returns whether the body is said to be gzip */
function checkHeaders(request: Request, limits: HttpLimits): boolean {
  const type = request.headers.get('content-type') ?? '';
  if (OTHER_TYPES.test(type)) {
    throw new AppError(
      'unsupported_media',
      `Content-Type is ${type}, which is no list of records.`,
      'Send the records themselves as the body, with: Content-Type: application/x-ndjson',
    );
  }
  const encoding = (request.headers.get('content-encoding') ?? 'identity').trim().toLowerCase();
  if (!['identity', 'gzip', 'x-gzip', ''].includes(encoding)) {
    throw new AppError(
      'unsupported_media',
      `Content-Encoding is ${encoding}.`,
      'Send the body as it is, or gzip with: Content-Encoding: gzip',
    );
  }
  if (Number(request.headers.get('content-length') ?? 0) > limits.bodyBytes) throw tooLarge(limits.bodyBytes);
  return encoding.endsWith('gzip');
}

async function* bodyOf(request: Request): AsyncGenerator<Buffer> {
  if (request.body === null) return;
  const reader = request.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    }
  } catch (cause) {
    throw new AppError(
      'cancelled',
      'The body ended before it was complete.',
      'Nothing of it was stored: send the same request again.',
      { cause },
    );
  } finally {
    // What is not wanted any more need not be sent.
    await reader.cancel().catch(() => undefined);
  }
}

async function inspect(chunks: AsyncIterable<Buffer>, limits: HttpLimits): Promise<Omit<Body, 'chunks'>> {
  const hash = createHash('sha256');
  let head: Buffer = Buffer.alloc(0);
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > limits.unzippedBytes) throw tooLarge(limits.unzippedBytes, ' once it is unzipped');
      hash.update(chunk);
      if (head.length < HEAD_BYTES) head = Buffer.concat([head, chunk.subarray(0, HEAD_BYTES - head.length)]);
    }
  } catch (error) {
    if (!(error instanceof InputCutError)) throw error;
    throw badRequest(
      'body',
      'The body is a gzip file that is cut or damaged.',
      'Nothing of it was stored: send it whole.',
    );
  }
  return { head, sha256: hash.digest('hex') };
}

async function* each(pieces: Buffer[]): AsyncGenerator<Buffer> {
  yield* pieces;
}

function tooLarge(most: number, when = ''): AppError {
  return new AppError(
    'too_large',
    `The body is larger than ${most.toLocaleString('en-GB')} bytes${when}.`,
    'Send fewer records a request; some ten thousand are plenty. WEIR_INGEST_BODY moves the limit.',
  );
}
