import 'server-only';
import { EnvError } from '@/lib/server/env';

export interface HttpLimits {
  /** Bytes of one body as it is sent. */
  bodyBytes: number;
  /** Bytes of one body once it is unzipped. */
  unzippedBytes: number;
  /** Bytes of all bodies that are held at one time. */
  queueBytes: number;
  /** Requests that are held at one time. */
  requests: number;
  /** Requests that are stored at one time; each holds up to three batches in memory. */
  storing: number;
  /** Records a batch, at most: half of what a file has, as two are read at a time in the process that also answers the dashboard. */
  batchSize: number;
}

const UNITS: Record<string, number> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/**
 * Limits of POST /api/ingest: WEIR_INGEST_BODY (32M) and WEIR_INGEST_QUEUE (128M).
 * @throws EnvError for a value that is no size
 */
export function httpLimits(env: NodeJS.ProcessEnv = process.env): HttpLimits {
  const bodyBytes = size(env, 'WEIR_INGEST_BODY', 32 * 1024 ** 2);
  return {
    bodyBytes,
    unzippedBytes: bodyBytes * 16,
    queueBytes: Math.max(bodyBytes, size(env, 'WEIR_INGEST_QUEUE', 128 * 1024 ** 2)),
    requests: 32,
    storing: 2,
    batchSize: 100_000,
  };
}

function size(env: NodeJS.ProcessEnv, variable: string, otherwise: number): number {
  const value = env[variable];
  if (value === undefined || value === '') return otherwise;
  const [, digits, unit] = /^(\d{1,12})([kmg]?)$/i.exec(value) ?? [];
  const bytes = Number(digits) * (UNITS[(unit ?? '').toLowerCase()] ?? Number.NaN);
  if (!(bytes >= 1024)) {
    throw new EnvError(variable, `is ${JSON.stringify(value)}`, 'Write bytes, at least 1024, such as 32M.');
  }
  return bytes;
}
