import 'server-only';
import { badRequest } from '@/lib/server/errors';
import { type Format, FormatError } from '../formats';
import { checked } from '../ingestFile';

/** What a request asks for, beside its body. */
export interface IngestAsked {
  format: Format;
  options: { zone?: string; samplingRate?: number };
  /** Name of the request by which it is known again; null = its content alone. */
  key: string | null;
}

const DEFAULT_FORMAT = 'weir-ndjson';
const PARAMETERS = ['format', 'zone', 'sampling-rate', 'batch'];

/**
 * Reads `?format=`, `?zone=`, `?sampling-rate=`, `?batch=` and the header Idempotency-Key, which says the same as `batch`.
 * @throws AppError bad_request naming the parameter
 */
export function readAsked(request: Request): IngestAsked {
  const { searchParams } = new URL(request.url);
  for (const name of searchParams.keys()) {
    if (!PARAMETERS.includes(name)) {
      throw badRequest(name, `${name} is not a parameter.`, `The parameters are ${PARAMETERS.join(', ')}.`);
    }
  }
  const zone = searchParams.get('zone') ?? undefined;
  if (zone !== undefined) checkZone(zone);
  const rate = searchParams.get('sampling-rate');
  if (rate !== null && !(/^\d{1,10}$/.test(rate) && Number(rate) >= 1 && Number(rate) <= 4_294_967_295)) {
    throw badRequest(
      'sampling-rate',
      `sampling-rate is "${rate}".`,
      'Give a whole number from 1 to 4,294,967,295; 1 = not sampled.',
    );
  }
  const key = keyOf(request.headers.get('idempotency-key'), searchParams.get('batch'));
  try {
    const format = checked({
      format: searchParams.get('format') ?? DEFAULT_FORMAT,
      ...(zone === undefined ? {} : { zone }),
    });
    return {
      format,
      key,
      options: {
        ...(zone === undefined ? {} : { zone }),
        ...(rate === null || format.scaledAtSource ? {} : { samplingRate: Number(rate) }),
      },
    };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw formatProblem(error);
  }
}

/** What a reader says about its options or its input, in the words of a request. */
export function formatProblem(error: FormatError): Error {
  const message = error.message.replaceAll(/--(format|zone|sampling-rate)( |$)/g, '?$1=');
  return badRequest(
    message.includes('?zone=') ? 'zone' : 'format',
    `${message[0]?.toUpperCase() ?? ''}${message.slice(1)}.`,
    'Nothing was stored: correct the request and send it again.',
  );
}

function checkZone(zone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
  } catch {
    throw badRequest(
      'zone',
      `zone is "${zone}".`,
      'Give an IANA zone such as UTC, Europe/Berlin or America/New_York.',
    );
  }
}

function keyOf(header: string | null, batch: string | null): string | null {
  if (header !== null && batch !== null && header !== batch) {
    throw badRequest('batch', 'Idempotency-Key and batch differ.', 'Send one of the two.');
  }
  const key = header ?? batch;
  if (key !== null && !/^[\x21-\x7e]{1,200}$/.test(key)) {
    throw badRequest(
      'batch',
      'The name of the batch cannot be read.',
      'Use 1 to 200 printable ASCII signs without blanks, such as a UUID.',
    );
  }
  return key;
}
