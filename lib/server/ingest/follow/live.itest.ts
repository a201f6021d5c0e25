import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { waitUntil } from '@/lib/server/process/waitUntil';
import { needsSharedData, sharedData } from '@/lib/testing/sharedData';
import { openIngest } from '../ingest';
import { emptyTables, totalsLine } from '../testing/stored';
import { type FollowOptions, follow } from './follow';

const run = promisify(execFile);
const installed = async (command: string, flag: string) =>
  run(command, [flag]).then(
    () => true,
    (error: { code?: string | number }) => error.code !== 'ENOENT',
  );
const tools = (await installed('nfcapd', '-V')) && (await installed('nfdump', '-V'));
/** data/README.md of the captures. */
const TOTALS = '2764 26595 15076546';

/**
 * The datagrams that softflowd exported, sent again to a real collector on the loopback, whose output is followed while it is
 * written.
 */
describe.skipIf(sharedData === null || !tools)(
  needsSharedData('an exporter, a collector and Weir at once (needs nfcapd and nfdump)'),
  () => {
    let engine: TestClickHouse;
    let folder: string;
    const children: ChildProcess[] = [];
    beforeAll(async () => {
      engine = await startTestClickHouse();
    });
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'weir-live-'));
      await emptyTables(engine.owner);
    });
    afterAll(async () => {
      for (const child of children) child.kill('SIGKILL');
      await engine?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    test('softflowd -> nfcapd, rotating -> a followed folder', async () => {
      const port = await freeUdpPort();
      const inbox = await mkdtemp(join(folder, 'nfcapd-'));
      const collector = start('nfcapd', [
        '-w',
        inbox,
        '-p',
        String(port),
        '-b',
        '127.0.0.1',
        '-t',
        '2',
        '-B',
        '8000000',
      ]);
      await untilBound(port, collector);
      const stop = followed({ path: inbox, format: 'nfcapd' });
      await replay('flows/softflowd-netflow9.pcap', port);
      await untilStored(stop);
    });

    function start(command: string, args: string[]): ChildProcess {
      const child = spawn(command, args, { cwd: folder, stdio: 'ignore' });
      children.push(child);
      return child;
    }

    function followed(what: Pick<FollowOptions, 'path' | 'format' | 'zone'>): () => Promise<void> {
      const stop = new AbortController();
      const ingest = openIngest(
        { clickhouse: engine.target, databaseUrl: '' },
        { spool: join(folder, 'spool') },
      );
      const done = follow(ingest, {
        ...what,
        checkpoints: join(folder, 'checkpoints'),
        signal: stop.signal,
      }).finally(() => ingest.close());
      done.catch(() => undefined);
      return async () => {
        stop.abort();
        await done;
      };
    }

    async function untilStored(stop: () => Promise<void>): Promise<void> {
      let last = '';
      await waitUntil(
        async () => {
          last = await totalsLine(engine.owner, 'flows');
          return last === TOTALS ? true : undefined;
        },
        60_000,
        () => new Error(`flows has ${last} and not ${TOTALS}`),
        200,
      );
      // Rollups are complete once the batch is committed, which stopping waits for.
      await stop();
      expect(await totalsLine(engine.owner, 'flows')).toBe(TOTALS);
      expect(await totalsLine(engine.owner, 'links_5m')).toBe(TOTALS);
    }
  },
);

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

/** Resolves when somebody listens on the UDP port. */
async function untilBound(port: number, child: ChildProcess): Promise<void> {
  const hex = `:${port.toString(16).toUpperCase().padStart(4, '0')} `;
  await waitUntil(
    async () => {
      if (child.exitCode !== null) throw new Error(`the collector ended with ${child.exitCode}`);
      const tables = await Promise.all(
        ['/proc/net/udp', '/proc/net/udp6'].map((path) => readFile(path, 'utf8').catch(() => '')),
      );
      return tables.some((text) => text.includes(hex)) ? true : undefined;
    },
    20_000,
    () => new Error('the collector does not listen'),
  );
}

/** Bytes that wait in the receive buffer of a UDP port. */
async function waitingBytes(port: number): Promise<number> {
  const hex = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const tables = await Promise.all(['/proc/net/udp', '/proc/net/udp6'].map((path) => readFile(path, 'utf8')));
  const lines = tables.flatMap((text) => text.split('\n')).map((line) => line.trim().split(/\s+/));
  const queue = lines.find(([, local]) => local?.endsWith(hex))?.[4];
  return Number.parseInt(queue?.split(':')[1] ?? '0', 16);
}

/** Sends the UDP payloads of a pcap file (Ethernet, IPv4), each when the collector has taken the one before: none is lost. */
async function replay(capture: string, port: number): Promise<void> {
  const pcap = await readFile(join(sharedData ?? '', capture));
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
      async () => ((await waitingBytes(port)) === 0 ? true : undefined),
      20_000,
      () => new Error('the collector takes nothing'),
      1,
    );
  }
  socket.close();
}
