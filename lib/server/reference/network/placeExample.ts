import { constants, copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The documented file, which is also the network of the demo. */
export function exampleNetworkFile(): string {
  return join(process.cwd(), 'clickhouse', 'network.example.yaml');
}

/**
 * Puts the example where the operators' file is expected, for a demo that people can edit. A file that is there stays.
 * @returns true where it was put there
 */
export async function placeExampleNetwork(networkFile: string): Promise<boolean> {
  await mkdir(dirname(networkFile), { recursive: true });
  try {
    await copyFile(exampleNetworkFile(), networkFile, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
