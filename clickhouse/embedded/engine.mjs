// The child process that is the ClickHouse server: it opens the engine library and hands it a thread.
//
//   node engine.mjs DATA CONFIG LOGS HTTP_PORT TCP_PORT HOST     (WEIR_STOP_PASSWORD in the environment)
//
// The server runs as long as its last query. A signal would end the process without shutting the tables
// down, so SIGTERM, SIGINT, SIGHUP and the end of stdin (= the parent is gone) all end that query instead,
// with an account that may do only that; then the engine shuts itself down and the process exits with 0.
import { request } from 'node:http';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { libchdbPath } from 'chdb/libchdb';
import { open } from 'ffi-rs';
import { confine } from './confine.mjs';

const STOP_DEADLINE_MS = 15_000;

const [dataPath, configFile, logPath, httpPort, tcpPort, host] = process.argv.slice(2);
const stopPassword = process.env.WEIR_STOP_PASSWORD;
const ffiPath = createRequire(import.meta.url).resolve('ffi-rs');
if (!dataPath || !configFile || !logPath || !httpPort || !tcpPort || !host || !stopPassword) {
  process.stderr.write('usage: WEIR_STOP_PASSWORD=… engine.mjs DATA CONFIG LOGS HTTP_PORT TCP_PORT HOST\n');
  process.exit(2);
}
delete process.env.WEIR_STOP_PASSWORD;
// What the engine writes is nobody else's business.
process.umask(0o077);

// Endless without reading anything: its account has no right to files, tables or stdin.
const lastQuery =
  'SELECT count() FROM system.numbers WHERE sleep(0.2) SETTINGS max_block_size = 1, max_threads = 1, max_execution_time = 0';

/** Ends the last query. Rejects when the engine does not answer. */
function endLastQuery() {
  return new Promise((resolve, reject) => {
    const kill = request(
      {
        host,
        port: httpPort,
        path: '/',
        method: 'POST',
        // A connection kept alive would make the engine wait for it.
        agent: false,
        timeout: 2_000,
        headers: { 'X-ClickHouse-User': 'stop', 'X-ClickHouse-Key': stopPassword },
      },
      (response) => {
        let body = '';
        response.on('data', (chunk) => {
          body += chunk;
        });
        response.on('error', reject);
        response.on('end', () => {
          if (response.statusCode === 200 && body !== '') resolve();
          else reject(new Error(`${response.statusCode} ${body.slice(0, 300) || 'no such query'}`));
        });
      },
    );
    kill.on('timeout', () => kill.destroy(new Error('no answer')));
    kill.on('error', reject);
    // Questions are cut off; an insert has the five seconds that the engine waits for it.
    kill.end(
      "KILL QUERY WHERE query_kind = 'Select' OR (user = '' AND query LIKE 'SELECT count() FROM system.numbers WHERE sleep(%')",
    );
  });
}

let stopping = false;
async function stop(reason) {
  if (stopping) return;
  stopping = true;
  setTimeout(() => {
    process.stderr.write(`The engine did not stop within ${STOP_DEADLINE_MS} ms (${reason}): killed.\n`);
    process.kill(process.pid, 'SIGKILL');
  }, STOP_DEADLINE_MS);
  // While the engine is still starting there is no query to end yet.
  for (;;) {
    try {
      await endLastQuery();
      return;
    } catch (error) {
      process.stderr.write(`Stopping (${reason}): ${error.message}\n`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => stop(signal));
process.stdin.on('end', () => stop('the parent is gone'));
process.stdin.on('error', () => stop('the parent is gone'));
process.stdin.resume();

open({ library: 'chdb', path: libchdbPath() });
const unconfined = confine({
  write: [dataPath, logPath, '/dev/null', '/dev/shm'],
  read: [
    dirname(configFile),
    ...[libchdbPath(), ffiPath].map((file) => file.slice(0, file.lastIndexOf('/node_modules/') + 13)),
    process.execPath,
    // Libraries, time zones, what the machine is and has; not the rest of /etc, nor anybody's home.
    '/usr',
    '/lib',
    '/lib64',
    '/proc',
    '/sys',
    '/etc/hosts',
    '/etc/resolv.conf',
    '/etc/nsswitch.conf',
    '/etc/localtime',
    '/etc/timezone',
    '/etc/ld.so.cache',
    '/etc/ssl',
    '/dev/urandom',
    '/dev/random',
  ],
});
process.stderr.write(
  unconfined === null ? 'Confined to its own folders.\n' : `Not confined: ${unconfined}.\n`,
);

const args = [
  'clickhouse',
  `--path=${dataPath}`,
  `--config-file=${configFile}`,
  `--http_port=${httpPort}`,
  `--tcp_port=${tcpPort}`,
  `--listen_host=${host}`,
  `--query=SYSTEM START LISTEN TCP; SYSTEM START LISTEN HTTP; ${lastQuery}`,
];
// A thread of its own: the main thread stays free for signals and for the end of the parent, and the threads that
// were there before the confinement have nothing to do with the engine.
const engine = new Worker(
  `const { workerData } = require('node:worker_threads');
   const { DataType, load } = require(workerData.ffiPath);
   load({
     library: 'chdb',
     funcName: 'chdb_query_cmdline',
     retType: DataType.External,
     paramsType: [DataType.I32, DataType.StringArray],
     paramsValue: [workerData.args.length, workerData.args],
   });`,
  { eval: true, workerData: { args, ffiPath } },
);
engine.on('error', (error) => process.stderr.write(`${error.stack}\n`));
// The engine ended without being asked: its log says why.
engine.on('exit', () => process.exit(stopping ? 0 : 70));
