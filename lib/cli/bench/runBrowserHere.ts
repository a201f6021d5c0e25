import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { makeBrowserData } from '@/clickhouse/bench/browser/makeData';
import { type BrowserResult, measureBrowser } from '@/clickhouse/bench/browser/measureBrowser';
import { BROWSER_FLOWS } from '@/clickhouse/bench/browser/week';
import { closeReader } from '@/lib/server/clickhouse/client';
import { targetsToEnv } from '@/lib/server/env';
import { dataPaths } from '@/lib/server/paths';
import { migratePostgres } from '@/prisma/migrate';
import { seedDemoPeople } from '@/prisma/seed';
import { onStopRequest } from '../engines/stopRequest';
import { startEngines } from '../engines/supervise';
import { createProgress } from '../progress';
import { findChromium } from '../testRun/browser';
import { ensureBuild } from '../web/build';
import { freePortFrom, startWebServer } from '../web/server';
import { ownFolder, prepare, stateOf } from './ownFolder';

const LOOPBACK = '127.0.0.1';
const FIRST_PORT = 3700;

/**
 * Measures the production build in a headless Chromium, against a dashboard of its own: engines, flows and people in the folder
 * `bench-browser` of the data folder, on loopback. All of it is stopped whatever happens; the data stay for the next run.
 * @returns null when it was asked to stop
 * @throws where there is no Chromium; the message names the command that installs one
 */
export async function runBrowserHere(options: {
  rounds: number;
  fresh: boolean;
}): Promise<BrowserResult | null> {
  const executablePath = findChromium();
  if (executablePath === null) {
    throw new Error(
      'The benchmark in a browser needs Chromium and none was found. Run: npx playwright install --with-deps chromium, or set CHROMIUM_PATH.',
    );
  }
  const { cache } = dataPaths();
  const folder = await ownFolder('bench-browser');
  const { logs } = dataPaths();
  const progress = createProgress(process.stderr);
  const stopping = new AbortController();
  const { signal } = stopping;
  const forget = onStopRequest(() => {
    progress.line('\nStopping after what is under way.');
    stopping.abort();
  });
  const stops: (() => Promise<unknown>)[] = [async () => forget(), async () => progress.end()];
  try {
    progress.line(`The benchmark's data stand in ${folder}; delete it when you are done.`);
    const state = await stateOf(folder, { flows: BROWSER_FLOWS, fresh: options.fresh }, progress);
    await progress.step(
      'Web build',
      () => ensureBuild(join(logs, 'build.log')),
      ({ built }) => (built ? 'built' : 'up to date'),
    );
    const engines = await startEngines({
      command: 'npm run bench',
      log: (line) => progress.line(`    ${line}`),
    });
    stops.push(() => engines.stop());
    const { clickhouse, databaseUrl } = engines.targets;
    Object.assign(process.env, targetsToEnv(engines.targets));
    stops.push(closeReader);

    await migratePostgres(databaseUrl);
    await prepare(clickhouse, cache, progress, signal);
    await progress.step('Flows', (report) =>
      makeBrowserData({ target: clickhouse, folder, state, onStep: report, signal }),
    );
    const people = await seedDemoPeople(databaseUrl, join(folder, 'people.json'));
    const person = people.find(({ role }) => role === 'engineer');
    if (!person) throw new Error('There is no engineer among the people of the demo.');

    const web = await startWebServer({
      port: await freePortFrom(FIRST_PORT),
      host: LOOPBACK,
      dev: false,
      env: engines.appEnv,
      logFile: join(logs, 'web.log'),
    });
    stops.push(() => web.stop());
    const browser = await chromium.launch({
      executablePath,
      // A sandbox cannot be made as root, and a machine that measures has no graphics card.
      args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-gpu'],
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
    stops.push(() => browser.close());
    return await progress.step('Measured', (report) =>
      measureBrowser({
        browser,
        url: web.url,
        person,
        flows: BROWSER_FLOWS,
        rounds: options.rounds,
        onStep: report,
        signal,
      }),
    );
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}
