import { setTimeout as delay } from 'node:timers/promises';
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
  seconds: number;
  /** Records still without: stored while this ran. The next run finds them. */
  left: number;
}

/** A record that was being stored while the table was swapped in may appear after a pass: the next pass takes it. */
const MAX_PASSES = 3;
const POLL_MS = 500;

/**
 * The address that enrichment looks up, as in the view flows_mv: the remote end, NAT64 (64:ff9b::/96) decoded.
 * A test holds the two against each other.
 */
const REMOTE = `if(direction IN ('ingress', 'transit'), src_ip, dst_ip)`;
const LOOKUP_IP = `if(bitShiftRight(toUInt128(${REMOTE}), 32) = 122099644659926101980610560, toIPv6(IPv4NumToString(toUInt32(bitAnd(toUInt128(${REMOTE}), 4294967295)))), ${REMOTE})`;

/**
 * Gives country and metro to records that were stored before the address table was loaded (geo_version = 0).
 *
 * One mutation (ALTER TABLE … UPDATE) does it. It rewrites three columns of the parts that exist when it begins, each part
 * in one step; rows that are inserted meanwhile are in parts it does not touch, and after a crash it goes on by itself. It
 * inserts nothing, so no view runs and no rollup counts twice (none has country or metro as a key). Copying a partition and
 * REPLACE PARTITION would lose what is inserted between the two. One mutation for all partitions, since one IN PARTITION
 * touches the parts of all others too: 100 days took a quarter of an hour that way.
 *
 * @param onProgress told how far it is, for a person
 * @param signal stops waiting; a mutation that was begun goes on in the server
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
    const first = await countUnmended(client);
    let left = first;
    const { version } = await currentLoad(client, 'geo');
    for (let pass = 0; version > 0 && left > 0 && pass < MAX_PASSES; pass += 1) {
      if ((await partsToDo(client, target)) === null) await beginMutation(client, target, version);
      await waitForMutation(client, target, onProgress, signal);
      left = await countUnmended(client);
    }
    return { records: Math.max(0, first - left), seconds: (Date.now() - before) / 1000, left };
  };
  return withOwner(target, mend, signal);
}

/** Records stored without the address table. */
export async function countUnmended(client: ClickHouseClient): Promise<number> {
  const [row] = await selectRows<{ records: string }>(
    client,
    'SELECT count() AS records FROM flows WHERE geo_version = 0',
  );
  return Number(row?.records ?? 0);
}

async function beginMutation(
  client: ClickHouseClient,
  target: ReferenceTarget,
  version: number,
): Promise<void> {
  const place = (attribute: string) =>
    `dictGetOrDefault('${target.database}.geo_dict', '${attribute}', ${LOOKUP_IP}, '')`;
  await client.command({
    query: `ALTER TABLE ${quoteName(target.database)}.${quoteName(localFlows(target))} ${onCluster(target)}
      UPDATE country = ${place('country')}, metro = ${place('metro')}, geo_version = {version:UInt16}
      WHERE geo_version = 0`,
    query_params: { version },
    // Nodes of a cluster have the same dictionary, which ClickHouse cannot know.
    clickhouse_settings: { mutations_sync: '0', allow_nondeterministic_mutations: 1 },
  });
}

async function waitForMutation(
  client: ClickHouseClient,
  target: ReferenceTarget,
  onProgress: (text: string) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  let most = 0;
  for (;;) {
    const parts = await partsToDo(client, target);
    if (parts === null) return;
    most = Math.max(most, parts);
    onProgress(`countries and metros: mending stored records, ${most - parts} of ${most} parts`);
    await delay(POLL_MS, undefined, { signal });
  }
}

/**
 * Parts that a mutation of this kind has still to rewrite, also one that an earlier process began; null = none runs.
 * @throws Error with what the server says where it cannot go on
 */
async function partsToDo(client: ClickHouseClient, target: ReferenceTarget): Promise<number | null> {
  const source =
    target.cluster === null ? 'system.mutations' : 'clusterAllReplicas({cluster:String}, system.mutations)';
  const [row] = await selectRows<{ mutations: string; parts: string; problem: string }>(
    client,
    `SELECT count() AS mutations, sum(parts_to_do) AS parts, max(latest_fail_reason) AS problem FROM ${source}
     WHERE database = {database:String} AND table = {table:String} AND NOT is_done AND command LIKE '%geo_version = 0%'`,
    { database: target.database, table: localFlows(target), cluster: target.cluster ?? '' },
  );
  if (row !== undefined && row.problem !== '') {
    throw new Error(
      `stored records cannot be given country and metro: ${row.problem} ClickHouse tries again by itself; KILL MUTATION ends it.`,
    );
  }
  return row === undefined || Number(row.mutations) === 0 ? null : Number(row.parts);
}

function localFlows(target: ReferenceTarget): string {
  return target.cluster === null ? 'flows' : 'flows_local';
}
