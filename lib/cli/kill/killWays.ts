import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { migrateClickHouse } from '@/clickhouse/migrate';
import { reconcile } from '@/lib/server/ingest/reconcile/reconcile';
import type { ReconcileReport } from '@/lib/server/ingest/reconcile/report';
import { dataPaths } from '@/lib/server/paths';
import { pause } from '@/lib/server/process/pause';
import { waitUntil } from '@/lib/server/process/waitUntil';
import { createToken } from '@/lib/server/repos/apiTokens';
import { openDatabase } from '@/lib/server/repos/database';
import { migratePostgres } from '@/prisma/migrate';
import { type Engines, startEngines } from '../engines/supervise';
import { reconcileAtStart } from '../reconcileAtStart';
import { randomFrom } from '../soak/liveLines';
import { processTree } from '../soak/processTree';
import { freePortFrom } from '../web/server';
import { verifyStored } from './verify';
import { followedUpTo } from './ways/checkpoints';
import { startApp, startFollow, startRoute, type Victim } from './ways/children';
import { Feeder } from './ways/feeder';
import { Sender } from './ways/sender';
import { UnderWay, type VictimName } from './ways/underWay';

export interface WaysResult {
  /** Kills, and how many of them fell into the middle of a batch. */
  counts: Record<VictimName, { kills: number; hits: number }>;
  records: { files: number; http: number };
  requests: number;
  /** Attempts at requests that got no answer, or 5xx. */
  repeats: number;
  /** What the last two looks of reconcile found: the first may still mend, the second must find nothing. */
  reports: [ReconcileReport, ReconcileReport];
  /** What differs between the tables and what was written and sent; empty = exact. */
  wrong: string[];
}

/** In this order again and again, shuffled: the engine is back only after growing pauses. */
const VICTIMS: readonly VictimName[] = [
  'web server',
  'follow command',
  'engine',
  'web server',
  'follow command',
];
const SENDERS = 2;
const RECORDS_EACH = 500;
/** A kill falls at a random moment of so many milliseconds after everything was seen at work. */
const KILL_WITHIN_MS = 800;
const DEADLINE_MS = 240_000;

/**
 * Feeds the engines of this data folder (`WEIR_DATA`, empty) by a followed file, a followed folder and two HTTP clients at once, kills the
 * engine, the following command or the web server again and again (SIGKILL), starts what was killed as the product or a person does,
 * and compares at the end what is stored with what was written and sent.
 *
 * @param web the built app of `npm start`, or the route module of POST /api/ingest alone, in a process of its own
 */
export async function killWays(
  options: { kills: number; seed: number; web: 'app' | 'route' },
  say: (line: string) => void,
): Promise<WaysResult> {
  const paths = dataPaths();
  const random = randomFrom(options.seed);
  const progress = {
    step: <T>(_: string, run: (report: () => void) => Promise<T>) => run(() => undefined),
    line: say,
  };
  let restarts = 0;
  let checking: Promise<void> = Promise.resolve();
  // As the stack of `npm start` does.
  const engines: Engines = await startEngines({
    command: 'kills',
    log: () => undefined,
    onRestart: () => {
      checking = checking
        .then(() => reconcileAtStart(engines, engines.targets, { ...progress, end: () => undefined }))
        .finally(() => {
          restarts += 1;
        });
      checking.catch((error: unknown) => say(`not checked after the crash: ${String(error)}`));
    },
  });
  const { targets } = engines;
  const victims: Partial<Record<VictimName, Victim>> = {};
  let feeder: Feeder | null = null;
  let senders: Sender[] = [];
  const client = ownerOf(engines);
  try {
    await migratePostgres(targets.databaseUrl);
    await migrateClickHouse(targets.clickhouse);
    const db = openDatabase(targets.databaseUrl);
    const { token } = await createToken({ name: 'kills', scopes: ['ingest'], expiresAt: null }, null, db);
    await db.$disconnect();

    const port = await freePortFrom(20_000 + Math.floor(random() * 20_000));
    const startWeb = options.web === 'app' ? startApp : startRoute;
    const web = (): Promise<Victim> => startWeb(engines.appEnv, port, paths.logs);
    const fed = join(paths.root, 'fed');
    await mkdir(fed, { recursive: true });
    const checkpoints = join(paths.root, 'follow');
    feeder = new Feeder(fed, checkpoints, random);
    const { file, inbox } = feeder;
    const follow = (): Victim => startFollow(paths.root, [file, `${inbox}/`]);
    victims['web server'] = await web();
    victims['follow command'] = follow();
    senders = Array.from(
      { length: SENDERS },
      (_, i) => new Sender(`http://localhost:${port}`, token, 10 + i, RECORDS_EACH),
    );
    let failure: Error | null = null;
    const failed = (error: unknown): void => {
      failure ??= error instanceof Error ? error : new Error(String(error));
    };
    const work = [feeder, ...senders].map((one) => one.run().catch(failed));

    /** Waits until each way has stored something since it was called. */
    const allAtWork = async (): Promise<void> => {
      const place = async (): Promise<[string, number, number]> => {
        const { file: at, names } = await followedUpTo(checkpoints);
        return [
          `${at?.inode} ${at?.position}`,
          names.size,
          senders.reduce((sum, one) => sum + one.requests, 0),
        ];
      };
      const before = await place();
      await waitUntil(
        async () => {
          if (failure !== null) throw failure;
          const now = await place();
          return now.every((value, index) => value !== before[index]) ? true : undefined;
        },
        DEADLINE_MS,
        () => new Error(`nothing goes on: ${JSON.stringify(before)}`),
      );
    };

    const underWay = new UnderWay(paths.spool);
    let bag: VictimName[] = [];
    for (let kill = 1; kill <= options.kills; kill += 1) {
      await allAtWork();
      if (bag.length === 0) bag = [...VICTIMS];
      const [name = 'engine'] = bag.splice(Math.floor(random() * bag.length), 1);
      const afterMs = random() * KILL_WITHIN_MS;
      await pause(afterMs);
      if (name === 'engine') {
        const before = restarts;
        const found = (await processTree(process.pid)).filter((one) => one.name === 'ClickHouse');
        if (found.length !== 1) throw new Error(`${found.length} engines run below this process`);
        process.kill(found[0]?.pid ?? Number.NaN, 'SIGKILL');
        await underWay.note(name);
        await waitUntil(
          () => (restarts > before ? true : undefined),
          DEADLINE_MS,
          () => new Error('the engine was not started again'),
        );
      } else {
        await victims[name]?.kill();
        await underWay.note(name);
        victims[name] = name === 'web server' ? await web() : follow();
      }
      say(`kill ${kill}: ${name}, ${afterMs.toFixed(0)} ms after everything was at work`);
    }

    await allAtWork();
    for (const one of [feeder, ...senders]) one.stop();
    await Promise.all(work);
    if (failure !== null) throw failure;
    await waitUntil(
      async () => ((await feeder?.isStored()) ? true : undefined),
      DEADLINE_MS,
      () => new Error('what was written is not stored'),
    );
    for (const victim of Object.values(victims)) await victim.end();
    await checking;
    const look = (): Promise<ReconcileReport> => reconcile(targets, { scope: 'all' });
    const reports: [ReconcileReport, ReconcileReport] = [await look(), await look()];
    const http = senders.flatMap(({ records }) => records);
    return {
      counts: await underWay.counts(client),
      records: { files: feeder.records.length, http: http.length },
      requests: senders.reduce((sum, { requests }) => sum + requests, 0),
      repeats: senders.reduce((sum, { repeats }) => sum + repeats, 0),
      reports,
      wrong: await verifyStored(client, [...feeder.records, ...http]),
    };
  } finally {
    feeder?.stop();
    for (const sender of senders) sender.giveUp();
    for (const victim of Object.values(victims)) await victim.kill().catch(() => undefined);
    await client.close();
    await checking.catch(() => undefined);
    await engines.stop();
  }
}

function ownerOf({ targets: { clickhouse } }: Engines): ClickHouseClient {
  return createClient({
    url: clickhouse.url,
    username: clickhouse.owner.user,
    password: clickhouse.owner.password,
    database: clickhouse.database,
  });
}
