import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { GeoSources } from '@/lib/server/reference/geo/buildGeo';

/**
 * Makes the geo table in a process of its own, with the lowest priority. The process ends with this one.
 * @param onProgress percent done, 0 to 100
 * @throws Error with what the process said
 */
export async function runBuild(
  sources: GeoSources,
  output: string,
  onProgress: (percent: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const entry = join(process.cwd(), 'lib', 'server', 'reference', 'geo', 'buildChild.ts');
  const child = spawn(
    process.execPath,
    [
      '--conditions=react-server',
      '--import',
      'tsx',
      entry,
      sources.cityDir,
      sources.asnDir,
      sources.taxonomyDir,
      output,
    ],
    { stdio: ['pipe', 'pipe', 'pipe'], signal },
  );
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const percent = Number(text.trim().split('\n').at(-1));
    if (Number.isFinite(percent)) onProgress(percent);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4000);
  });
  const [code]: [number | null] = (await once(child, 'close')) as [number | null];
  if (code !== 0) {
    throw new Error(
      `the table of countries and metros could not be made: ${said.trim() || `the process ended with ${code}`}. Everything else works without it; run npm run reference -- load to try again.`,
    );
  }
}
