import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { waitUntil } from '@/lib/server/process/waitUntil';

const run = promisify(execFile);
const DEADLINE_MS = 60_000;

/** Which of the programs are not installed here. */
export async function missingTools(...commands: string[]): Promise<string[]> {
  const found = await Promise.all(
    commands.map((command) =>
      run(command, ['-V'], { timeout: 10_000 }).then(
        () => true,
        (error: { code?: string | number }) => error.code !== 'ENOENT',
      ),
    ),
  );
  return commands.filter((_, index) => found[index] !== true);
}

/** Title of a test that needs programs; carries the reason when it is skipped. */
export function needsTools(title: string, missing: readonly string[]): string {
  return missing.length === 0 ? title : `${title} (skipped: ${missing.join(', ')} not installed)`;
}

export interface Collector {
  child: ChildProcess;
  port: number;
}

/** nfcapd on a free port of the loopback, a new file in `inbox` every two seconds. Resolves when it listens. */
export async function startNfcapd(inbox: string): Promise<Collector> {
  const port = await freeUdpPort();
  const args = ['-w', inbox, '-p', String(port), '-b', '127.0.0.1', '-t', '2', '-B', '8000000'];
  const child = spawn('nfcapd', args, { stdio: 'ignore' });
  await untilBound(port, child);
  return { child, port };
}

/**
 * nfacctd on a free port of the loopback, with the example configuration but for port, output and refresh. Resolves when it listens
 * and its print plugin runs: what arrives while that is starting lies unread until something else arrives.
 * @param output its `print_output_file`, and more lines of configuration
 */
export async function startNfacctd(folder: string, output: string, more = ''): Promise<Collector> {
  const port = await freeUdpPort();
  const example = await readFile(new URL('../follow/nfacctd.example.conf', import.meta.url), 'utf8');
  const config = join(folder, 'nfacctd.conf');
  await writeFile(
    config,
    `${example
      .replace(/^nfacctd_port:.*$/m, `nfacctd_port: ${port}\nnfacctd_ip: 127.0.0.1`)
      .replace(/^(print_output_file\[flows\]):.*$/m, `$1: ${output}`)
      .replace(/^(print_refresh_time\[flows\]):.*$/m, '$1: 1')}${more}\n`,
  );
  const child = spawn('nfacctd', ['-f', config], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      log += String(chunk);
    });
  await untilBound(port, child);
  await waitUntil(
    () => (log.includes('Purging cache - END') ? true : undefined),
    DEADLINE_MS,
    () => new Error(`The print plugin of nfacctd does not run:\n${log}`),
  );
  return { child, port };
}

/** Reads a capture with softflowd, which exports its flows to the port and ends. */
export async function exportCapture(capture: string, version: 9 | 10, port: number): Promise<void> {
  await run(
    'softflowd',
    [
      ...['-r', capture, '-v', String(version), '-n', `127.0.0.1:${port}`, '-A', 'milli'],
      ...['-d', '-c', 'none', '-p', `${capture}.pid`],
    ],
    { timeout: DEADLINE_MS },
  );
}

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

/** Lines of the table of UDP sockets whose local port it is. */
async function socketsOn(port: number): Promise<string[][]> {
  const hex = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const tables = await Promise.all(
    ['/proc/net/udp', '/proc/net/udp6'].map((path) => readFile(path, 'utf8').catch(() => '')),
  );
  const lines = tables.flatMap((text) => text.split('\n')).map((line) => line.trim().split(/\s+/));
  return lines.filter(([, local]) => local?.endsWith(hex));
}

async function untilBound(port: number, child: ChildProcess): Promise<void> {
  await waitUntil(
    async () => {
      if (child.exitCode !== null) throw new Error(`the collector ended with ${child.exitCode}`);
      return (await socketsOn(port)).length > 0 ? true : undefined;
    },
    DEADLINE_MS,
    () => new Error('the collector does not listen'),
  );
}

/**
 * Sends the UDP payloads of a pcap file (Ethernet, Linux cooked or BSD loopback; IPv4), each when the collector has taken the one
 * before: none is lost.
 */
export async function replayDatagrams(capture: string, port: number): Promise<void> {
  const pcap = await readFile(capture);
  const socket = createSocket('udp4');
  const link = pcap.readUInt32LE(20);
  for (let at = 24; at < pcap.length; ) {
    const length = pcap.readUInt32LE(at + 8);
    const frame = pcap.subarray(at + 16, at + 16 + length);
    at += 16 + length;
    const ip = frame.subarray(link === 1 ? 14 : link === 113 ? 16 : link === 0 ? 4 : 0);
    const udp = ip.subarray(((ip[0] ?? 0) & 15) * 4);
    await new Promise<void>((resolve, reject) =>
      socket.send(udp.subarray(8, udp.readUInt16BE(4)), port, '127.0.0.1', (error) =>
        error === null ? resolve() : reject(error),
      ),
    );
    await waitUntil(
      async () => {
        const queue = (await socketsOn(port))[0]?.[4];
        return Number.parseInt(queue?.split(':')[1] ?? '0', 16) === 0 ? true : undefined;
      },
      DEADLINE_MS,
      () => new Error('the collector takes nothing'),
      1,
    );
  }
  socket.close();
}
