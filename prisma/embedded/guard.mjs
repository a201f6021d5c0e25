// Runs PostgreSQL and ends it when our parent goes away, which PostgreSQL itself does not watch.
//
//   node guard.mjs '{"command":…,"args":[…],"uid":…,"gid":…,"logFile":…}'
//
// SIGINT (PostgreSQL's fast shutdown) follows the end of stdin and any request to stop; SIGKILL only if that
// does not help. Exits as the command does. What the command says goes into logFile, which rotates: the server
// may run as another account, that could not write there.
import { spawn } from 'node:child_process';
import { appendFileSync, renameSync, statSync } from 'node:fs';

const STOP_DEADLINE_MS = 15_000;
const LOG_BYTES = 10_000_000;
const LOG_FILES = 5;

const { command, args, uid, gid, logFile } = JSON.parse(process.argv[2] ?? '{}');
process.umask(0o077);

let written = 0;
try {
  written = statSync(logFile).size;
} catch {
  // The first start.
}

function log(chunk) {
  try {
    if (written > LOG_BYTES) {
      for (let i = LOG_FILES - 1; i > 0; i -= 1) {
        try {
          renameSync(i === 1 ? logFile : `${logFile}.${i - 1}`, `${logFile}.${i}`);
        } catch {
          // Not so many yet.
        }
      }
      written = 0;
    }
    appendFileSync(logFile, chunk);
    written += chunk.length;
  } catch {
    // A full disk must not end the database.
  }
}

const child = spawn(command, args, {
  // The working directory of the caller may be closed to the account that the server runs as.
  cwd: '/',
  stdio: ['ignore', 'pipe', 'pipe'],
  ...(uid === undefined ? {} : { uid, gid }),
});
child.stdout.on('data', log);
child.stderr.on('data', log);
child.on('error', (error) => {
  log(`${command}: ${error.message}\n`);
  process.exitCode = 71;
  process.stdin.destroy();
});
child.on('close', (code, signal) => {
  if (code === null) log(`${command} was ended by ${signal}\n`);
  process.exit(code ?? 70);
});

let stopping = false;
function stop() {
  if (stopping) return;
  stopping = true;
  child.kill('SIGINT');
  setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
}
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, stop);
process.stdin.on('end', stop);
process.stdin.on('error', stop);
process.stdin.resume();
