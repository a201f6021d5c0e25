import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout this file stands in. */
export const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));

export const nextBinary = join(projectRoot, 'node_modules', 'next', 'dist', 'bin', 'next');
const stampFile = join(projectRoot, '.next', 'weir-sources');

const BUILT_FROM = [
  'app',
  'components',
  'lib',
  'public',
  'prisma/schema.prisma',
  'next.config.ts',
  'postcss.config.mjs',
  'proxy.ts',
  'instrumentation.ts',
  'package-lock.json',
  'tsconfig.json',
];
const NOT_IN_THE_BUNDLE = /\.(test|itest|spec)\.tsx?$|^lib\/(cli|testing)\//;

function* filesUnder(path: string): Generator<string> {
  const full = join(projectRoot, path);
  if (!existsSync(full)) return;
  if (statSync(full).isFile()) {
    if (!NOT_IN_THE_BUNDLE.test(path)) yield path;
    return;
  }
  for (const name of readdirSync(full).sort()) yield* filesUnder(`${path}/${name}`);
}

/** SHA-256 over the names and contents of everything the web build is made from. */
export function sourceFingerprint(): string {
  const hash = createHash('sha256');
  for (const root of BUILT_FROM) {
    for (const file of filesUnder(root))
      hash
        .update(`${file}\0`)
        .update(readFileSync(join(projectRoot, file)))
        .update('\0');
  }
  return hash.digest('hex');
}

/** True when `.next` holds a production build of exactly these sources. */
export function buildIsCurrent(): boolean {
  return (
    existsSync(join(projectRoot, '.next', 'BUILD_ID')) &&
    existsSync(stampFile) &&
    readFileSync(stampFile, 'utf8') === sourceFingerprint()
  );
}

/**
 * Makes the production build unless a build of the same sources is there.
 * @throws when the build fails; the message names the log file
 */
export async function ensureBuild(logFile: string): Promise<{ built: boolean; seconds: number }> {
  const started = performance.now();
  if (buildIsCurrent()) return { built: false, seconds: 0 };
  const fingerprint = sourceFingerprint();
  mkdirSync(dirname(logFile), { recursive: true });
  const log = createWriteStream(logFile);
  const child = spawn(process.execPath, [nextBinary, 'build'], {
    cwd: projectRoot,
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  log.end();
  if (code !== 0)
    throw new Error(`The web build failed (exit ${code}). See ${logFile}, or run: npm run build`);
  writeFileSync(stampFile, fingerprint);
  return { built: true, seconds: (performance.now() - started) / 1000 };
}
