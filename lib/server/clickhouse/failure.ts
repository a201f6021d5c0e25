import 'server-only';
import { ClickHouseError } from '@clickhouse/client';
import { AppError } from '@/lib/server/errors';

const NARROW = 'Choose a shorter range, fewer dimensions, or a filter; then try again.';

/** ClickHouse's own names of errors, and what they mean to the person who asked. */
const MEANING: Record<string, { code: AppError['code']; message: string; hint: string }> = {
  TIMEOUT_EXCEEDED: { code: 'timeout', message: 'The query took longer than it may.', hint: NARROW },
  TOO_SLOW: { code: 'timeout', message: 'The query would take longer than it may.', hint: NARROW },
  MEMORY_LIMIT_EXCEEDED: {
    code: 'too_expensive',
    message: 'The query needs more memory than it may use.',
    hint: NARROW,
  },
  TOO_MANY_ROWS: { code: 'too_expensive', message: 'The query reads more rows than it may.', hint: NARROW },
  TOO_MANY_BYTES: { code: 'too_expensive', message: 'The query reads more bytes than it may.', hint: NARROW },
  TOO_MANY_ROWS_OR_BYTES: {
    code: 'too_expensive',
    message: 'The answer is larger than it may be.',
    hint: NARROW,
  },
  TOO_MANY_SIMULTANEOUS_QUERIES: {
    code: 'unavailable',
    message: 'ClickHouse is busy: too many queries run at once.',
    hint: 'Wait a few seconds; the page asks again by itself.',
  },
  QUERY_WAS_CANCELLED: {
    code: 'cancelled',
    message: 'The query was cancelled.',
    hint: 'Ask again if you still need the answer.',
  },
  QUERY_WAS_CANCELLED_BY_CLIENT: {
    code: 'cancelled',
    message: 'The query was cancelled.',
    hint: 'Ask again if you still need the answer.',
  },
  UNKNOWN_TABLE: {
    code: 'unavailable',
    message: 'A table of this question does not exist yet.',
    hint: 'Run `npm run migrate`, then try again.',
  },
  UNKNOWN_DATABASE: {
    code: 'unavailable',
    message: 'The database does not exist yet.',
    hint: 'Run `npm run migrate`, then try again.',
  },
  UNKNOWN_IDENTIFIER: {
    code: 'unavailable',
    message: 'A column of this question does not exist.',
    hint: 'Run `npm run migrate`, then try again.',
  },
  AUTHENTICATION_FAILED: {
    code: 'unavailable',
    message: 'ClickHouse refuses the reader account.',
    hint: 'Check CLICKHOUSE_READER_USER and CLICKHOUSE_READER_PASSWORD.',
  },
  ACCESS_DENIED: {
    code: 'unavailable',
    message: 'The reader account may not read a table of this question.',
    hint: 'Grant it SELECT and dictGet on the database; `npm run doctor` shows what is missing.',
  },
};

/** System errors of a connection that never was, or broke before an answer: asking again is safe and may help. */
const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** True for errors of the network and not of the query. */
export function isNetworkError(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof ClickHouseError) return false;
  if ('code' in error && typeof error.code === 'string' && NETWORK.has(error.code)) return true;
  if (error instanceof AggregateError && error.errors.some(isNetworkError)) return true;
  return /socket hang up|other side closed/i.test(error.message) || isNetworkError(error.cause);
}

/** What to tell a person about a failed query. */
export function explainFailure(error: unknown, aborted: boolean): AppError {
  if (error instanceof AppError) return error;
  if (aborted) {
    return new AppError('cancelled', 'The query was cancelled.', 'Ask again if you still need the answer.', {
      cause: error,
    });
  }
  if (isNetworkError(error)) {
    return new AppError(
      'unavailable',
      // Its address is for the log and for doctor, not for everybody who may look at the page.
      'ClickHouse does not answer.',
      'It may be starting: the page asks again by itself. Otherwise run `npm run doctor`.',
      { cause: error },
    );
  }
  if (error instanceof ClickHouseError) {
    // A newer or oddly written name that the browser knows and the server does not.
    if (/Cannot load time zone/.test(error.message)) {
      return new AppError(
        'bad_request',
        'ClickHouse does not know this time zone.',
        'Choose another IANA zone with the same clocks, such as Europe/Berlin.',
        { cause: error, field: 'zone' },
      );
    }
    const known = error.type === undefined ? undefined : MEANING[error.type];
    if (known) return new AppError(known.code, known.message, known.hint, { cause: error });
    return new AppError(
      'internal',
      `ClickHouse refused the query: ${error.type ?? 'error'} (${error.code}).`,
      'This is a mistake of the program. Report it with the request id; the log has the details.',
      { cause: error },
    );
  }
  if (error instanceof Error && /^Timeout error/i.test(error.message)) {
    return new AppError('timeout', 'ClickHouse did not answer in time.', NARROW, { cause: error });
  }
  return new AppError(
    'internal',
    'The answer could not be read.',
    'This is a mistake of the program. Report it with the request id; the log has the details.',
    { cause: error },
  );
}
