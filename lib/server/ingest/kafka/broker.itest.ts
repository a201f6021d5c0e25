import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyKafka } from '@/clickhouse/migrate';
import { type KafkaBroker, startKafkaBroker } from '@/clickhouse/testing/kafkaBroker';
import { type KafkaLine, startKafkaLine } from '@/clickhouse/testing/kafkaLine';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { pause } from '@/lib/server/process/pause';
import { waitUntil } from '@/lib/server/process/waitUntil';
import { goflow2Line, goflow2Message } from '../formats/testing/goflow2';
import { missingTools, needsTools } from '../testing/collectors';
import { emptyTables, rowsOf, totalsLine } from '../testing/stored';
import { type TestIngest, testIngest } from '../testing/testIngest';
import { drainOnce } from './drain';

const withoutKcat = await missingTools('kcat');
const DEADLINE_MS = 100_000;
/** Until Kafka gives up a reader that died; the least that Kafka allows, and its default is 45 seconds. */
const SESSION_MS = 6_000;
const PARTITIONS = [0, 3];

/** A broker over TCP, the Kafka table of ClickHouse that reads it, and the drain: nothing stands in for another thing. */
describe('a broker, ClickHouse and Weir at once', () => {
  let engine: TestClickHouse;
  let broker: KafkaBroker;
  let line: KafkaLine;
  let ingest: TestIngest;
  beforeAll(async () => {
    if (withoutKcat.length > 0) return;
    engine = await startTestClickHouse({
      config: `<kafka><session_timeout_ms>${SESSION_MS}</session_timeout_ms></kafka>`,
    });
    ingest = await testIngest(engine.target);
    broker = await startKafkaBroker();
    line = await startKafkaLine(broker.port);
  });
  afterAll(async () => {
    await engine?.stop();
    await line?.cut();
    await broker?.stop();
    await ingest?.remove();
  });

  const settings = (topic: string, format: 'goflow2-json' | 'goflow2-protobuf') => ({
    brokers: `127.0.0.1:${line.port}`,
    topic,
    group: `weir-${topic}`,
    format,
    consumers: 1,
  });

  async function staged(): Promise<{ rows: number; offsets: number }> {
    const [row] = await rowsOf<{ rows: string; offsets: string }>(
      engine.owner,
      'SELECT toString(count()) AS rows, toString(uniqExact(topic, partition, offset)) AS offsets FROM kafka_records',
    );
    return { rows: Number(row?.rows), offsets: Number(row?.offsets) };
  }

  async function untilStaged(offsets: number, rows = offsets): Promise<void> {
    let last = '';
    await waitUntil(
      async () => {
        const found = await staged();
        last = JSON.stringify(found);
        return found.offsets >= offsets && found.rows >= rows ? true : undefined;
      },
      DEADLINE_MS,
      () => new Error(`only ${last} of ${offsets} offsets and ${rows} messages came`),
      200,
    );
    expect((await staged()).offsets).toBe(offsets);
  }

  const drain = () => drainOnce(ingest.targets, { spool: ingest.spool });

  test.skipIf(withoutKcat.length > 0)(
    needsTools(
      'broken and compressed messages, a broker that goes and comes, and an engine that dies before it says what it has: each is stored once',
      withoutKcat,
    ),
    async () => {
      let records = 0;
      let bytes = 0;
      const next = new Map<number, number>();
      const produce = async (count: number, compression?: 'lz4' | 'zstd') => {
        for (const partition of PARTITIONS) {
          const from = next.get(partition) ?? 0;
          next.set(partition, from + count);
          const messages = Array.from({ length: count }, (_, i) => {
            const own = 100 + partition * 1_000_000 + from + i;
            records += 1;
            bytes += own * 5;
            return goflow2Line({
              bytes: own,
              sampling_rate: 5,
              src_port: 1024 + from + i,
              dst_port: partition,
            });
          });
          await broker.produce('json', partition, messages, compression);
        }
      };
      const broken = [
        '{"type":"IPFIX","bytes":',
        'no json',
        goflow2Line() + goflow2Line(),
        Buffer.from([255, 0]),
      ];
      await broker.produce('json', 0, broken);
      await produce(200, 'zstd');
      await produce(200, 'lz4');
      await applyKafka(engine.target, settings('json', 'goflow2-json'));
      await untilStaged(804);

      await line.cut();
      await produce(150);
      line.loseCommits(true);
      await line.mend();
      await produce(100);
      await untilStaged(1304);
      engine.engine().kill('SIGKILL');
      await engine.engine().exited;
      line.loseCommits(false);
      await produce(50);
      // The broker gives the partitions to nobody else until it has given up the reader that died.
      await pause(SESSION_MS + 2_000);
      await engine.restart();
      await untilStaged(1404, 1904);
      await applyKafka(engine.target, 'off');

      const { summary } = await drain();
      const came = await staged();
      expect({ records, came: came.offsets }).toEqual({ records: 1400, came: 1404 });
      expect([summary.accepted, summary.rejected, summary.duplicates]).toEqual([1400, 4, came.rows - 1404]);
      for (const table of ['flows', 'traffic_5m', 'traffic_1d']) {
        expect([table, await totalsLine(engine.owner, table)]).toEqual([table, `1400 14000 ${bytes}`]);
      }
      // What came again is not counted again.
      expect((await drain()).summary.records).toBe(0);
    },
    150_000,
  );

  test.skipIf(withoutKcat.length > 0)(
    needsTools('protobuf, whatever its bytes', withoutKcat),
    async () => {
      await emptyTables(engine.owner);
      await engine.owner.command({ query: 'TRUNCATE TABLE kafka_records' });
      const own = (i: number) => 7_000_000 + i;
      const messages = Array.from({ length: 300 }, (_, i) =>
        goflow2Message({ bytes: own(i), src_port: 1024 + i }),
      );
      await broker.produce('bin', 1, [goflow2Message().subarray(0, 20), ...messages], 'zstd');
      await applyKafka(engine.target, settings('bin', 'goflow2-protobuf'));
      await untilStaged(301);
      const { summary } = await drain();
      expect([summary.accepted, summary.rejected, summary.duplicates]).toEqual([300, 1, 0]);
      const bytes = messages.reduce((sum, _, i) => sum + own(i), 0);
      expect(await totalsLine(engine.owner, 'flows')).toBe(`300 600 ${bytes}`);
    },
    150_000,
  );
});
