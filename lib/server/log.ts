import 'server-only';
import pino, { type DestinationStream, type Level, type Logger } from 'pino';
import { EnvError } from './env';

const levels: readonly string[] = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/**
 * LOG_LEVEL, or "info".
 * @throws EnvError for a level that does not exist
 */
export function logLevelFromEnv(env: NodeJS.ProcessEnv = process.env): Level | 'silent' {
  const value = env.LOG_LEVEL || 'info';
  if (levels.includes(value)) return value as Level | 'silent';
  throw new EnvError('LOG_LEVEL', `is ${JSON.stringify(value)}`, `Use one of ${levels.join(', ')}.`);
}

/** A logger that writes one JSON object a line. Secrets are left out by their names, also one level down. */
export function createLog(level: Level | 'silent', destination?: DestinationStream): Logger {
  const secret = ['password', 'token', 'secret', 'authorization', 'cookie', 'databaseUrl'];
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secret.flatMap((name) => [name, `*.${name}`]), censor: '[secret]' },
    },
    ...(destination ? [destination] : []),
  );
}

/** The log of the app, on standard output. */
export const log: Logger = createLog(logLevelFromEnv());
