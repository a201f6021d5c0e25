import 'server-only';
import { z } from 'zod';
import type { DraftDecision, PreviewRows } from '@/lib/flows/classification';
import type { QueryContext } from '@/lib/server/clickhouse/execute';
import { execute } from '@/lib/server/clickhouse/execute';
import { instant64, type Sql, sql, text, uint32, uint32s } from '@/lib/server/clickhouse/sql';
import { numberToAddress, type Prefix, prefixOf, WIDTH } from '@/lib/server/reference/prefix';
import { loadFacts } from './facts';
import { exact, small } from './rows';

const DAY = 86_400;
const NONE = { bytes: '0', flowRecords: '0' };

/**
 * What a decision about a network type would do to stored records, by the order of strength that enrichment follows: link, longest prefix,
 * ASN. Reads raw flows of the decision's days, as far as they are kept.
 */
export async function previewDecision(draft: DraftDecision, context: QueryContext): Promise<PreviewRows> {
  const facts = await loadFacts();
  const kept = facts.retention.flows ?? 0;
  const asked = dayStart(draft.validFrom) ?? 0;
  const from = Math.max(asked, kept, facts.firstData ?? 0);
  const to = Math.min((dayStart(draft.validTo) ?? facts.now) + DAY, facts.now + DAY);
  const name = await nameOf(draft, context);
  const rawFrom = asked < kept ? isoDay(kept) : null;
  if (facts.firstData === null || from >= to) {
    const nothing = { moves: [], overruled: NONE, unchanged: NONE, totalBytes: '0', days: 0 };
    return { name, ...nothing, firstDay: null, lastDay: null, rawFrom };
  }
  const { where, stronger } = await subjectSql(draft, context);
  const type = draft.networkType;
  const rows = await execute(
    context,
    sql`SELECT region, stored, overruled, bytes, flowRecords, toUInt32(days) AS days
FROM
(
    SELECT toString(region) AS region, toString(network_type) AS stored, ${stronger} AS overruled, sum(toUInt128(f.bytes)) AS bytes, count() AS flowRecords,
        uniqExact(toDate(ts_start)) AS days
    FROM flows AS f
    WHERE ${where} AND counted = 1 AND direction IN ('ingress', 'egress') AND ts_start >= ${instant64(from)} AND ts_start < ${instant64(to)}
    GROUP BY region, stored, overruled
)
ORDER BY bytes DESC, region, stored`,
    z.object({
      region: z.string(),
      stored: z.string(),
      overruled: small,
      bytes: exact,
      flowRecords: exact,
      days: small,
    }),
  );
  const [total] = await execute(
    context,
    sql`SELECT sum(toUInt128(t.bytes)) AS bytes FROM traffic_1h AS t
WHERE direction IN ('ingress', 'egress') AND bucket >= toDateTime(${instant64(from)}) AND bucket < toDateTime(${instant64(to)})`,
    z.object({ bytes: exact }),
  );
  const [changed] = await execute(
    context,
    sql`SELECT uniqExact(toDate(ts_start)) AS days FROM flows AS f
WHERE ${where} AND ${stronger} = 0 AND network_type != ${text(type ?? '')} AND ts_start >= ${instant64(from)} AND ts_start < ${instant64(to)}`,
    z.object({ days: small }),
  );
  const free = rows.filter(({ overruled }) => overruled === 0);
  const moving = free.filter(({ stored }) => stored !== type);
  return {
    name,
    moves: moving.map((row) => ({
      region: row.region,
      from: row.stored,
      to: type,
      bytes: row.bytes,
      flowRecords: row.flowRecords,
    })),
    overruled: sumOf(rows.filter(({ overruled }) => overruled === 1)),
    unchanged: sumOf(free.filter(({ stored }) => stored === type)),
    totalBytes: total?.bytes ?? '0',
    days: changed?.days ?? 0,
    firstDay: isoDay(from),
    lastDay: isoDay(Math.min(to - 1, facts.lastData ?? to)),
    rawFrom,
  };
}

/** The address that enrichment looks up: the remote end, NAT64 decoded, as in the view flows_mv. */
const LOOKUP = sql`if(bitShiftRight(toUInt128(f.remote_ip), 32) = 122099644659926101980610560, toIPv6(IPv4NumToString(toUInt32(bitAnd(toUInt128(f.remote_ip), 4294967295)))), f.remote_ip)`;
const LINK_TYPE = sql`dictGetOrDefault('link_dict', 'network_type', (toString(exporter), interface), toDate(ts_start), '')`;
const PREFIX_ID = sql`dictGetOrDefault('prefix_id_dict', 'prefix_id', ${LOOKUP}, toUInt64(0))`;
const PREFIX_TYPE = sql`dictGetOrDefault('prefix_type_dict', 'network_type', ${PREFIX_ID}, toDate(ts_start), '')`;

/** Which records the subject has, and whether (1) something stronger types one of them. */
async function subjectSql(
  { subject }: DraftDecision,
  context: QueryContext,
): Promise<{ where: Sql; stronger: Sql }> {
  if (subject.kind === 'link') {
    const where = sql`exporter = ${text(subject.exporter)} AND interface = ${uint32(subject.interface)}`;
    return { where, stronger: sql`toUInt8(0)` };
  }
  if (subject.kind === 'asn') {
    const stronger = sql`toUInt8(${LINK_TYPE} != '' OR (${PREFIX_ID} != 0 AND ${PREFIX_TYPE} != ''))`;
    return { where: sql`remote_as = ${uint32(subject.asn)}`, stronger };
  }
  const prefix = prefixOf(subject.prefix);
  const [first, last] = ends(prefix);
  const longer = await longerPrefixes(prefix, context);
  const byPrefix = sql`(${PREFIX_ID} IN ${uint32s(longer)} AND ${PREFIX_TYPE} != '')`;
  return {
    where: sql`${LOOKUP} >= toIPv6(${text(first)}) AND ${LOOKUP} <= toIPv6(${text(last)})`,
    stronger:
      longer.length === 0
        ? sql`toUInt8(${LINK_TYPE} != '')`
        : sql`toUInt8(${LINK_TYPE} != '' OR ${byPrefix})`,
  };
}

/** Ids of typed prefixes inside of this one: of two prefixes the longer wins. */
async function longerPrefixes(outer: Prefix, context: QueryContext): Promise<number[]> {
  const rows = await execute(
    context,
    sql`SELECT DISTINCT prefix, toUInt32(prefix_id) AS id FROM prefix_types ORDER BY id`,
    z.object({ prefix: z.string(), id: small }),
  );
  return rows.flatMap(({ prefix, id }) => {
    const inner = prefixOf(prefix);
    if (inner.version !== outer.version || inner.length <= outer.length) return [];
    const shift = BigInt(WIDTH[outer.version] - outer.length);
    return inner.base >> shift === outer.base >> shift ? [id] : [];
  });
}

async function nameOf({ subject }: DraftDecision, context: QueryContext): Promise<string> {
  if (subject.kind === 'prefix') return '';
  const [row] = await execute(
    context,
    subject.kind === 'asn'
      ? sql`SELECT dictGetOrDefault('as_name_dict', 'organisation', toUInt64(${uint32(subject.asn)}), '') AS name`
      : sql`SELECT dictGetOrDefault('link_dict', 'name', (${text(subject.exporter)}, ${uint32(subject.interface)}), today(), '') AS name`,
    z.object({ name: z.string() }),
  );
  return row?.name ?? '';
}

/** First and last address of a prefix, as ClickHouse's IPv6 holds them. */
function ends({ version, base, length }: Prefix): [string, string] {
  const last = base + (1n << BigInt(WIDTH[version] - length)) - 1n;
  const mapped = version === 4 ? '::ffff:' : '';
  return [`${mapped}${numberToAddress(base, version)}`, `${mapped}${numberToAddress(last, version)}`];
}

function sumOf(rows: readonly { bytes: string; flowRecords: string }[]): {
  bytes: string;
  flowRecords: string;
} {
  const of = (key: 'bytes' | 'flowRecords'): string =>
    rows.reduce((sum, row) => sum + BigInt(row[key]), 0n).toString();
  return { bytes: of('bytes'), flowRecords: of('flowRecords') };
}

function dayStart(day: string | null): number | null {
  return day === null ? null : Date.parse(`${day}T00:00:00Z`) / 1000;
}

function isoDay(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}
