import 'server-only';
import { createHash } from 'node:crypto';
import { targetsFromEnv } from '@/lib/server/env';
import { AppError, badRequest } from '@/lib/server/errors';
import { closeReceipt, dropReceipt, openReceipt } from '@/lib/server/repos/ingestReceipts';
import type { TokenContext, TokenReply } from '@/lib/server/tokenRoute';
import { FormatError } from '../formats';
import { type Ingest, IngestError, openIngest } from '../ingest';
import type { ParsedRecord } from '../record';
import { isPassing } from '../retry';
import { type IngestSummary, summaryJsonWithReasons } from '../summary';
import { Admission } from './admission';
import { httpLimits } from './limits';
import { type Body, readBody } from './readBody';
import { formatProblem, type IngestAsked, readAsked } from './requestOptions';

/** A server that is away for longer than this is answered with 503. */
const RETRY_MS = 4_000;

// Kept on globalThis, because a development server loads modules anew and would leave connections behind.
const KEY = Symbol.for('weir.ingest.http');
interface Service {
  ingest: Ingest;
  admission: Admission;
  limits: ReturnType<typeof httpLimits>;
  /** Requests of the same content wait for each other: the second is then answered as what it is. */
  same: Map<string, Promise<unknown>>;
}
const store = globalThis as { [KEY]?: Service };

function service(): Service {
  const limits = httpLimits();
  store[KEY] ??= {
    ingest: openIngest(targetsFromEnv(), { retryMs: RETRY_MS }),
    admission: new Admission(limits),
    limits,
    same: new Map(),
  };
  return store[KEY];
}

/** Lets go of connections; the next request reads the environment again. */
export async function closeIngestRequests(): Promise<void> {
  const open = store[KEY];
  delete store[KEY];
  await open?.ingest.close();
}

/**
 * POST /api/ingest: stores the records of a body and answers with the summary of `npm run ingest -- --json`, and why records were
 * rejected, after all of them have been committed. What has been stored before counts as duplicates, under whatever key; a key that comes again with the same content
 * gets the same answer again, with other content 409.
 */
export async function handleIngest(
  request: Request,
  { token, signal }: Pick<TokenContext, 'token' | 'signal'>,
): Promise<TokenReply> {
  const asked = readAsked(request);
  const { ingest, admission, limits, same } = service();
  const ticket = admission.enter();
  try {
    const body = await readBody(request, ticket, limits);
    const content = contentOf(asked, body);
    const before = same.get(content);
    const mine = (async (): Promise<TokenReply> => {
      await before?.catch(() => undefined);
      return answerOnce(asked.key, token.tokenId, content, () =>
        ticket.inTurn(() =>
          storeBody(ingest, asked, body, {
            sourceName: `http:${token.name}`,
            batchSize: limits.batchSize,
            signal,
          }),
        ),
      );
    })();
    same.set(content, mine);
    try {
      return await mine;
    } finally {
      if (same.get(content) === mine) same.delete(content);
    }
  } finally {
    ticket.leave();
  }
}

/** Answers a key that was answered before as it was then. */
async function answerOnce(
  key: string | null,
  tokenId: string,
  content: string,
  run: () => Promise<IngestSummary>,
): Promise<TokenReply> {
  if (key === null) return { json: summaryJsonWithReasons(await run()) };
  const receipt = await openReceipt(tokenId, key, content).catch(unavailable);
  if (receipt.kind === 'other content') {
    throw new AppError(
      'conflict',
      `The batch "${key}" was sent before with other content (or another format, zone or sampling rate).`,
      'Nothing was stored. Give other content a name of its own, or send what was sent before.',
    );
  }
  if (receipt.kind === 'answered')
    return { json: receipt.summary, headers: { 'idempotency-replayed': 'true' } };
  try {
    const json = summaryJsonWithReasons(await run());
    await closeReceipt(tokenId, key, json).catch(unavailable);
    return { json };
  } catch (error) {
    // Nothing was stored: the corrected request may have the same name.
    if (error instanceof AppError && error.code === 'bad_request') await dropReceipt(tokenId, key);
    throw error;
  }
}

async function storeBody(
  ingest: Ingest,
  { format, options }: IngestAsked,
  body: Body,
  { signal, ...source }: { sourceName: string; batchSize: number; signal: AbortSignal },
): Promise<IngestSummary> {
  if (signal.aborted) {
    throw new AppError('cancelled', 'The client has gone.', 'Send the same request again.');
  }
  try {
    const summary = await ingest.run({
      read: (settings) =>
        readable(
          format.readBlocks(body.chunks(), {
            ...options,
            activeTimeoutSeconds: settings.activeTimeoutSeconds,
          }),
          body.head,
        ),
      format: { name: format.name, version: format.version },
      options,
      ...source,
    });
    if (summary.records === 0) {
      throw badRequest('body', 'There is no record in the body.', 'Send at least one.');
    }
    return summary;
  } catch (error) {
    throw problemOf(error);
  }
}

/** The same blocks. Where nothing of the first (up to 1 MiB) can be read the whole request is wrong, and nothing of it is stored. */
async function* readable(
  blocks: AsyncIterable<ParsedRecord[]>,
  head: Buffer,
): AsyncGenerator<ParsedRecord[]> {
  let isFirst = true;
  for await (const block of blocks) {
    const [first] = block;
    if (isFirst && first?.ok === false && block.every(({ ok }) => !ok)) {
      const at = head.indexOf(first.raw.slice(0, 1000));
      const line = at < 0 ? 1 : head.subarray(0, at).toString('latin1').split('\n').length;
      throw badRequest(
        'body',
        `No record of the body can be read. Line ${line}: ${first.reason}: ${first.detail}`,
        'Nothing was stored: check ?format=, or correct the records and send them again.',
      );
    }
    isFirst = false;
    yield block;
  }
}

function problemOf(error: unknown): unknown {
  const cause = error instanceof IngestError ? error.cause : error;
  if (cause instanceof AppError) return cause;
  if (cause instanceof FormatError) return formatProblem(cause);
  return isPassing(cause) ? away(cause) : error;
}

function unavailable(cause: unknown): never {
  throw away(cause);
}

function away(cause: unknown): AppError {
  return new AppError(
    'unavailable',
    'A database does not answer, so it is not certain that the records are stored.',
    'Send the same request again after the seconds that Retry-After names; what was stored is recognised.',
    { cause, retryAfterSeconds: 5 },
  );
}

/** Identity of what is asked: the same bytes read otherwise are something else. */
function contentOf({ format, options }: IngestAsked, { sha256 }: Body): string {
  return createHash('sha256')
    .update(JSON.stringify([format.name, options.zone ?? null, options.samplingRate ?? null, sha256]))
    .digest('hex');
}
