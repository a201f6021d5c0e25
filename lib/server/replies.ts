import 'server-only';
import type { ErrorEnvelope } from '@/lib/flows/contracts/envelope';
import { AppError } from './errors';
import { log } from './log';

/** What every route answers with. */
export function reply(
  body: unknown,
  status: number,
  requestId: string,
  headers: Record<string, string> = {},
): Response {
  return Response.json(body, {
    status,
    // Answers are a person's own and change with every record.
    headers: { 'cache-control': 'private, no-store', 'x-request-id': requestId, ...headers },
  });
}

/** The one envelope of everything that goes wrong: `{ error: { code, message, hint, requestId } }` with the status of its code. */
export function failure(error: unknown, name: string, requestId: string, aborted: boolean): Response {
  const known =
    error instanceof AppError
      ? error
      : new AppError(
          'internal',
          'Something went wrong on the server.',
          'Try again. If it stays, report the request id; the log has the details.',
          { cause: error },
        );
  const isOurs = known.code === 'internal' || known.code === 'unavailable';
  if (isOurs && !aborted)
    log.error({ err: known, cause: known.cause, route: name, requestId }, known.message);
  const { code, message, hint, field, retainedFrom, longestSeconds, retryAfterSeconds } = known;
  const body: ErrorEnvelope = {
    error: {
      code,
      message,
      hint,
      requestId,
      ...(field === undefined ? {} : { field }),
      ...(retainedFrom === undefined ? {} : { retainedFrom }),
      ...(longestSeconds === undefined ? {} : { longestSeconds }),
    },
  };
  return reply(
    body,
    known.status,
    requestId,
    retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
  );
}
