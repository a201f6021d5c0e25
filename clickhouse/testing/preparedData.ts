import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** By environment, as child processes of tests start engines too. */
const VARIABLE = 'WEIR_TEST_PREPARED';

/** The folder of a stopped server whose database is migrated. */
export interface PreparedData {
  serverPath: string;
  /** Stands in the dictionaries, so that every server on a copy has this one. */
  dictionaryPassword: string;
}

/** What this run of tests has prepared; null where it has not. */
export function preparedData(): PreparedData | null {
  const text = process.env[VARIABLE];
  return text === undefined ? null : JSON.parse(text);
}

/** Makes this the prepared data of engines that are started from now on. */
export function setPreparedData(data: PreparedData | null): void {
  if (data === null) delete process.env[VARIABLE];
  else process.env[VARIABLE] = JSON.stringify(data);
}

/** Puts a copy where a server is to be started; the folder `to` must not be there. */
export async function copyPrepared({ serverPath }: PreparedData, to: string): Promise<void> {
  // Hundreds of small files, for which node:fs takes many times as long.
  await promisify(execFile)('cp', ['-a', serverPath, to]);
}
