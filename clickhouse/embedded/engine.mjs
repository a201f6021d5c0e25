// The child process that is the ClickHouse server: opens the engine library and hands it this process.
// The call blocks until the last query ends, so nothing else can run here; the watcher thread ends the
// process when the parent goes away (its end of our stdin closes).
import { Worker } from 'node:worker_threads';
import { libchdbPath } from 'chdb/libchdb';
import { DataType, load, open } from 'ffi-rs';

const [dataPath, configFile, httpPort, tcpPort, host] = process.argv.slice(2);
if (!dataPath || !configFile || !httpPort || !tcpPort || !host) {
  process.stderr.write('usage: engine.mjs DATA CONFIG HTTP_PORT TCP_PORT HOST\n');
  process.exit(2);
}

// The main thread is inside the engine, so the parent is watched from a thread of its own.
new Worker(
  `const { readSync } = require('node:fs');
   const buffer = Buffer.alloc(64);
   for (;;) {
     let n = 0;
     try { n = readSync(0, buffer, 0, 64, null); } catch (error) { if (error.code === 'EAGAIN' || error.code === 'EINTR') { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100); continue; } }
     if (n === 0) { process.kill(process.pid, 'SIGTERM'); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 8000); process.kill(process.pid, 'SIGKILL'); }
   }`,
  { eval: true, stdout: false, stderr: false },
);

open({ library: 'chdb', path: libchdbPath() });
const args = [
  'clickhouse',
  `--path=${dataPath}`,
  `--config-file=${configFile}`,
  `--http_port=${httpPort}`,
  `--tcp_port=${tcpPort}`,
  `--listen_host=${host}`,
  // Ends only with the process: a query over endless numbers that sleeps, as the engine's own session has
  // no right to read files or stdin.
  '--query=SYSTEM START LISTEN HTTP; SYSTEM START LISTEN TCP; SELECT count() FROM system.numbers WHERE sleep(1) SETTINGS max_block_size = 1, max_threads = 1, max_execution_time = 0',
];
load({
  library: 'chdb',
  funcName: 'chdb_query_cmdline',
  retType: DataType.External,
  paramsType: [DataType.I32, DataType.StringArray],
  paramsValue: [args.length, args],
});
process.exit(0);
