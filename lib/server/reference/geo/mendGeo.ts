import type { ClickHouseClient } from '@clickhouse/client';
import { currentLoad } from '@/lib/server/reference/loads';
import {
  onCluster,
  quoteName,
  type ReferenceTarget,
  selectRows,
  withOwner,
} from '@/lib/server/reference/target';

export interface MendResult {
  /** Records that had been stored before the address table was there, and now have country and metro. */
  records: number;
  partitions: number;
  seconds: number;
  /** Records still without: stored while this ran. The next run finds them. */
  left: number;
}

/** A record that was being stored while the table was swapped in may appear after a pass: the next pass takes it. */
const MAX_PASSES = 3;

/**
 * The address that enrichment looks up, as in the view flows_mv: the remote end, NAT64 (64:ff9b::/96) decoded.
 * A test holds the two against each other.
 */
const REMOTE = `if(direction IN ('ingress', 'transit'), src_ip, dst_ip)`;
const LOOKUP_IP = `if(bitShiftRight(toUInt128(${REMOTE}), 32) = 122099644659926101980610560, toIPv6(IPv4NumToString(toUInt32(bitAnd(toUInt128(${REMOTE}), 4294967295)))), ${REMOTE})`;

/**
 * Gives country and metro to records that were stored before the address table was loaded (geo_version = 0).
 *
 * Each partition is mended by a mutation (ALTER TABLE … UPDATE). It rewrites the three columns of the parts that exist when
 * it begins, one part after the other, each in one step; rows that are inserted meanwhile are in parts it does not touch,
 * and it goes on by itself after a crash. It inserts nothing, so no view runs and no rollup counts twice (none has country
 * or metro as a key). Copying a partition and REPLACE PARTITION would lose what is inserted between the two.
 *
 * @param onProgress told how far it is, for a person
 * @param signal ends it; a mutation that was begun goes on in the server
 */
export async function mendGeo(
  target: ReferenceTarget,
  {
    onProgress = () => {},
    signal,
  }: { onProgress?: (text: string) => void; signal?: AbortSignal | undefined } = {},
): Promise<MendResult> {
  const before = Date.now();
  const mend = async (client: ClickHouseClient): Promise<MendResult> => {
    const result: MendResult = { records: 0, partitions: 0, seconds: 0, left: 0 };
    const { version } = await currentLoad(client, 'geo');
    if (version > 0) {
      for (let pass = 0; pass < MAX_PASSES; pass += 1) {
        const found = await unmended(client);
        if (found.length === 0) break;
        for (const [index, { partition, records }] of found.entries()) {
          signal?.throwIfAborted();
          onProgress(`countries and metros: day ${index + 1} of ${found.length}`);
          await mendPartition(client, target, partition, version);
          result.records += records;
          result.partitions += 1;
        }
      }
    }
    result.left = (await unmended(client)).reduce((sum, { records }) => sum + records, 0);
    result.seconds = (Date.now() - before) / 1000;
    return result;
  };
  return withOwner(target, mend, signal);
}

/** Records stored without the address table, over all partitions. */
export async function countUnmended(client: ClickHouseClient): Promise<number> {
  return (await unmended(client)).reduce((sum, { records }) => sum + records, 0);
}

/** Newest first: that is what people look at. */
async function unmended(client: ClickHouseClient): Promise<{ partition: string; records: number }[]> {
  const rows = await selectRows<{ partition: string; records: string }>(
    client,
    'SELECT _partition_id AS partition, count() AS records FROM flows WHERE geo_version = 0 GROUP BY partition ORDER BY partition DESC',
  );
  return rows.map(({ partition, records }) => ({ partition, records: Number(records) }));
}

async function mendPartition(
  client: ClickHouseClient,
  target: ReferenceTarget,
  partition: string,
  version: number,
): Promise<void> {
  const db = quoteName(target.database);
  const table = `${db}.${quoteName(target.cluster === null ? 'flows' : 'flows_local')}`;
  const place = (attribute: string) =>
    `dictGetOrDefault('${target.database}.geo_dict', '${attribute}', ${LOOKUP_IP}, '')`;
  await client.command({
    query: `ALTER TABLE ${table} ${onCluster(target)}
      UPDATE country = ${place('country')}, metro = ${place('metro')}, geo_version = {version:UInt16}
      IN PARTITION ID {partition:String}
      WHERE geo_version = 0`,
    query_params: { version, partition },
    // Nodes of a cluster have the same dictionary, which ClickHouse cannot know.
    clickhouse_settings: { mutations_sync: '2', allow_nondeterministic_mutations: 1 },
  });
}
