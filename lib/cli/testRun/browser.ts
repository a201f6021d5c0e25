import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { chromium } from '@playwright/test';

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Path of an installed Chromium: CHROMIUM_PATH, the usual places, then Playwright's own; null when there is none. */
export function findChromium(): string | null {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined && named !== '') {
    if (executable(named)) return named;
    throw new Error(
      `CHROMIUM_PATH is ${named}, which is not an executable file: set it to a Chromium, or unset it.`,
    );
  }
  return [...INSTALLED, chromium.executablePath()].find(executable) ?? null;
}

const run = (command: string, args: string[]): boolean =>
  spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
    .status === 0;

/**
 * Finds a Chromium or installs one: Playwright's download first, then, as root, Debian's package.
 * @throws an error that names the command to run by hand
 */
export function ensureChromium(): string {
  const found = findChromium();
  if (found !== null) return found;
  process.stderr.write('No Chromium found: installing one with Playwright.\n');
  if (run('npx', ['playwright', 'install', 'chromium'])) {
    const downloaded = findChromium();
    if (downloaded !== null) return downloaded;
  }
  if (process.getuid?.() === 0) {
    process.stderr.write('Playwright could not download one: installing the package chromium.\n');
    if (
      run('apt-get', ['update', '-qq']) &&
      run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'])
    ) {
      const packaged = findChromium();
      if (packaged !== null) return packaged;
    }
  }
  throw new Error(
    'The browser tests need Chromium and none could be installed. Run: npx playwright install --with-deps chromium, or set CHROMIUM_PATH.',
  );
}
