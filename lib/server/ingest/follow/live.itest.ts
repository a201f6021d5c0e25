import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { waitUntil } from '@/lib/server/process/waitUntil';
import { needsSharedData, sharedData } from '@/lib/testing/sharedData';
import { openIngest } from '../ingest';
import {
  type Collector,
  exportCapture,
  missingTools,
  needsTools,
  replayDatagrams,
  startNfacctd,
  startNfcapd,
} from '../testing/collectors';
import { writePacketCapture } from '../testing/packetCapture';
import { emptyTables, totalsLine } from '../testing/stored';
import { type FollowOptions, follow } from './follow';

const withoutNfdump = await missingTools('nfcapd', 'nfdump');
const withoutPmacct = await missingTools('nfacctd');
const withoutSoftflowd = await missingTools('softflowd');
/** data/README.md of the captures. */
const CAPTURED = '2764 26595 15076546';

/** A real exporter and a real collector on the loopback, whose output is followed while it is written. */
describe('an exporter, a collector and Weir at once', () => {
  let engine: TestClickHouse;
  let folder: string;
  const collectors: Collector[] = [];
  const followers: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    engine = await startTestClickHouse();
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'weir-live-'));
    await emptyTables(engine.owner);
  });
  afterEach(async () => {
    for (const stop of followers.splice(0)) await stop();
    for (const { child } of collectors.splice(0)) {
      // Asked, since its plugins are processes of their own and go with it only then.
      child.kill('SIGINT');
      if (child.exitCode === null && child.signalCode === null)
        await new Promise((resolve) => child.once('exit', resolve));
    }
    await rm(folder, { recursive: true, force: true });
  });
  afterAll(() => engine?.stop());

  async function collecting(starting: Promise<Collector>): Promise<number> {
    const collector = await starting;
    collectors.push(collector);
    return collector.port;
  }

  async function inboxOf(name: string): Promise<string> {
    const inbox = join(folder, name);
    await mkdir(inbox);
    return inbox;
  }

  function following(what: Pick<FollowOptions, 'path' | 'format' | 'pattern'>): void {
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
    followers.push(async () => {
      stop.abort();
      await done;
    });
  }

  async function untilStored(totals: string): Promise<void> {
    let last = '';
    await waitUntil(
      async () => {
        last = await totalsLine(engine.owner, 'flows');
        return last === totals ? true : undefined;
      },
      60_000,
      () => new Error(`flows has ${last} and not ${totals}`),
      200,
    );
    // Rollups are complete once the batch is committed, which stopping waits for.
    for (const stop of followers.splice(0)) await stop();
    expect(await totalsLine(engine.owner, 'flows')).toBe(totals);
    expect(await totalsLine(engine.owner, 'links_5m')).toBe(totals);
  }

  const withCapture = async (): Promise<{ capture: string; totals: string }> => {
    const capture = join(folder, 'packets.pcap');
    const { flows, packets, bytes } = await writePacketCapture(capture, 400);
    return { capture, totals: `${flows} ${packets} ${bytes}` };
  };

  describe.skipIf(withoutNfdump.length > 0)(needsTools('through nfcapd, rotating', withoutNfdump), () => {
    test.skipIf(withoutSoftflowd.length > 0)(
      needsTools('packets -> softflowd, NetFlow 9 -> nfcapd -> a followed folder', withoutSoftflowd),
      async () => {
        const { capture, totals } = await withCapture();
        const inbox = await inboxOf('nfcapd');
        const port = await collecting(startNfcapd(inbox));
        following({ path: inbox, format: 'nfcapd' });
        await exportCapture(capture, 9, port);
        await untilStored(totals);
      },
    );

    test.skipIf(sharedData === null)(
      needsSharedData('datagrams of softflowd -> nfcapd -> a followed folder'),
      async () => {
        const inbox = await inboxOf('nfcapd');
        const port = await collecting(startNfcapd(inbox));
        following({ path: inbox, format: 'nfcapd' });
        await replayDatagrams(join(sharedData ?? '', 'flows/softflowd-netflow9.pcap'), port);
        await untilStored(CAPTURED);
      },
    );
  });

  describe.skipIf(withoutPmacct.length > 0)(needsTools('through nfacctd', withoutPmacct), () => {
    test.skipIf(withoutSoftflowd.length > 0)(
      needsTools(
        'packets -> softflowd, IPFIX -> nfacctd, a file a minute -> a followed folder',
        withoutSoftflowd,
      ),
      async () => {
        const { capture, totals } = await withCapture();
        const inbox = await inboxOf('nfacctd');
        // The minute is that of the flows.
        const port = await collecting(
          startNfacctd(folder, join(inbox, 'flows.%Y%m%d-%H%M.json'), 'print_history[flows]: 1m'),
        );
        following({ path: inbox, format: 'pmacct-json', pattern: 'flows.*.json' });
        await exportCapture(capture, 10, port);
        await untilStored(totals);
      },
    );

    test.skipIf(withoutSoftflowd.length > 0)(
      needsTools('packets -> softflowd, NetFlow 9 -> nfacctd -> a followed file', withoutSoftflowd),
      async () => {
        const { capture, totals } = await withCapture();
        const output = join(folder, 'flows.json');
        const port = await collecting(startNfacctd(folder, output));
        following({ path: output, format: 'pmacct-json' });
        await exportCapture(capture, 9, port);
        await untilStored(totals);
      },
    );

    test.skipIf(sharedData === null)(
      needsSharedData('datagrams of softflowd -> nfacctd -> a followed file'),
      async () => {
        const output = join(folder, 'flows.json');
        const port = await collecting(startNfacctd(folder, output));
        following({ path: output, format: 'pmacct-json' });
        await replayDatagrams(join(sharedData ?? '', 'flows/softflowd-ipfix.pcap'), port);
        await untilStored(CAPTURED);
      },
    );
  });
});
