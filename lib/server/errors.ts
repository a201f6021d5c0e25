import 'server-only';
import type { ErrorCode } from '@/lib/flows/contracts/envelope';

const STATUS: Record<ErrorCode, number> = {
  bad_request: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  not_answerable: 422,
  not_retained: 410,
  too_expensive: 429,
  busy: 429,
  conflict: 409,
  too_large: 413,
  unsupported_media: 415,
  timeout: 504,
  cancelled: 499,
  unavailable: 503,
  internal: 500,
};

interface Details {
  cause?: unknown;
  /** bad_request: the parameter at fault */
  field?: string;
  /** not_retained: the first instant that can be asked for, epoch seconds */
  retainedFrom?: number;
  /** too_expensive: the length of a range that can be asked for, seconds */
  longestSeconds?: number;
  /** busy, unavailable: seconds after which the same may be asked again */
  retryAfterSeconds?: number;
}

/** An error that a person may read: what is wrong, naming the thing, and what to do about it. */
export class AppError extends Error {
  override name = 'AppError';
  readonly field: string | undefined;
  readonly retainedFrom: number | undefined;
  readonly longestSeconds: number | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly hint: string,
    details: Details = {},
  ) {
    super(message, { cause: details.cause });
    this.field = details.field;
    this.retainedFrom = details.retainedFrom;
    this.longestSeconds = details.longestSeconds;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }

  get status(): number {
    return STATUS[this.code];
  }
}

/** A parameter that cannot be read. */
export function badRequest(field: string, message: string, hint: string): AppError {
  return new AppError('bad_request', message, hint, { field });
}
