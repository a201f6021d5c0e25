import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { waitUntil } from '@/lib/server/process/waitUntil';

const DEADLINE_MS = 30_000;

/** A broker on the loopback that speaks the protocol of Kafka over TCP and keeps topics of four partitions in memory. */
export interface KafkaBroker {
  port: number;
  /** Writes messages to a partition, in this order. Resolves when the broker has them. */
  produce(
    topic: string,
    partition: number,
    messages: readonly (Buffer | string)[],
    compression?: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd',
  ): Promise<void>;
  stop(): Promise<void>;
}

/**
 * The mock broker of librdkafka, which every client of that library can carry: here kcat, which reads an empty topic all the while.
 * It keeps 5 MB a partition. Of Kafka it has topics, consumer groups with their rebalances, and stored offsets; no disk and no
 * accounts.
 */
export async function startKafkaBroker(): Promise<KafkaBroker> {
  const child = spawn(
    'kcat',
    ['-C', '-b', 'none:1', '-t', 'idle', '-X', 'test.mock.num.brokers=1', '-d', 'mock'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let port = 0;
  let said = '';
  child.stderr.on('data', (chunk) => {
    // Read to the end, so that it can go on; kept only until it has said where it listens.
    if (port > 0) return;
    said += String(chunk);
    port = Number(/bootstrap\.servers=127\.0\.0\.1:(\d+)\s/.exec(said)?.[1] ?? 0);
  });
  await waitUntil(
    () => {
      if (child.exitCode !== null) throw new Error(`kcat ended with ${child.exitCode}: ${said}`);
      return port > 0 ? true : undefined;
    },
    DEADLINE_MS,
    () => new Error(`kcat carries no broker: ${said}`),
  );
  return {
    port,
    produce: (topic, partition, messages, compression = 'none') =>
      produce(['-b', `127.0.0.1:${port}`, '-t', topic, '-p', String(partition), '-z', compression], messages),
    stop: () => ended(child),
  };
}

async function produce(where: readonly string[], messages: readonly (Buffer | string)[]): Promise<void> {
  // Messages hold any bytes, so what stands between them must be nothing that any of them holds.
  const between = randomBytes(12).toString('hex');
  const child = spawn('kcat', ['-P', ...where, '-D', between], { stdio: ['pipe', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += String(chunk);
  });
  const left = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  child.stdin.end(
    Buffer.concat(
      messages.flatMap((message, i) => [Buffer.from(i === 0 ? '' : between), Buffer.from(message)]),
    ),
  );
  const code = await left;
  if (code !== 0) throw new Error(`kcat wrote no messages (${code}): ${said}`);
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  const left = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGKILL');
  return left;
}
