import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const DEADLINE_MS = 300_000;

/** Starts e2e/stack.ts and hands what it prints to the tests through WEIR_E2E; the returned function stops it. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const child = spawn('npx', ['tsx', '--conditions=react-server', 'e2e/stack.ts'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const line = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`The servers of the browser tests were not up within ${DEADLINE_MS / 1000} s.`)),
      DEADLINE_MS,
    );
    createInterface({ input: child.stdout }).on('line', (text) => {
      if (!text.startsWith('{')) return;
      clearTimeout(timer);
      resolve(text);
    });
    child.once('exit', (code) =>
      reject(new Error(`The servers of the browser tests ended with code ${code} while they started.`)),
    );
  });
  process.env.WEIR_E2E = line;
  return async () => {
    child.stdin.end();
    await exited;
  };
}
