import 'server-only';
import { spawn } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import { InputCutError } from './formats';

/** nfcapd's file header begins with 0xA50C, in the byte order of the machine that wrote it. */
const MAGIC = 0xa50c;

/** Whether a file is one of nfcapd's own, which only nfdump can read. */
export function isNfcapd(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(2);
    return readSync(file, head, 0, 2, 0) === 2 && beginsLikeNfcapd(head);
  } finally {
    closeSync(file);
  }
}

/** Whether these first bytes are those of a file of nfcapd. */
export function beginsLikeNfcapd(head: Buffer): boolean {
  return head.length >= 2 && (head.readUInt16LE() === MAGIC || head.readUInt16BE() === MAGIC);
}

/**
 * An nfcapd file as nfdump's JSON, with times in UTC: `nfdump -r FILE -o json` is run for it.
 * @throws Error where nfdump is not installed; InputCutError after what could be read of a damaged file
 */
export async function* nfcapdAsJson(path: string, command = 'nfdump'): AsyncGenerator<Buffer> {
  // nfdump prints local times, so its zone is set; the format is told UTC then.
  const child = spawn(/* turbopackIgnore: true */ command, ['-r', path, '-o', 'json'], {
    env: { ...process.env, TZ: 'UTC' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = `${complaint}${chunk.toString('utf8')}`.slice(-1000);
  });
  const ended = new Promise<number | NodeJS.ErrnoException>((resolve) => {
    child.once('error', resolve);
    child.once('close', (code) => resolve(code ?? 1));
  });
  try {
    for await (const chunk of child.stdout) yield chunk as Buffer;
    const outcome = await ended;
    if (typeof outcome !== 'number') {
      throw new Error(
        outcome.code === 'ENOENT'
          ? `${path} is an nfcapd file, and nfdump, which reads those, is not installed. Install it (Debian: apt-get install nfdump), or write JSON with it elsewhere: nfdump -r FILE -o json`
          : `nfdump could not be started: ${outcome.message}`,
      );
    }
    if (outcome !== 0) {
      throw new InputCutError(
        `nfdump could not read ${path} to its end (exit code ${outcome}): ${complaint.trim()}. What came before was read.`,
      );
    }
  } finally {
    if (child.exitCode === null && child.signalCode === null) child.kill();
  }
}
