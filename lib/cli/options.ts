import { parseArgs } from 'node:util';

export interface StartOptions {
  /** Port of the dashboard; null = 3000 or the next free one. */
  port: number | null;
  dev: boolean;
  help: boolean;
}

/**
 * Reads `--port N`, `--dev` and `--help`; PORT stands in for `--port`.
 * @throws Error naming the argument and what it takes
 */
export function readStartOptions(
  args: string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): StartOptions {
  const { values } = parseArgs({
    args,
    options: { port: { type: 'string' }, dev: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  const text = values.port ?? (env.PORT === '' ? undefined : env.PORT);
  if (text !== undefined && !/^\d{1,5}$/.test(text))
    throw new Error(`--port is "${text}": give a number from 1 to 65535, for example --port 3000`);
  const port = text === undefined ? null : Number(text);
  if (port !== null && (port < 1 || port > 65_535))
    throw new Error(`--port is ${port}: give a number from 1 to 65535`);
  return { port, dev: values.dev ?? false, help: values.help ?? false };
}
