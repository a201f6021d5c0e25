import type { ClickHouseClient } from '@clickhouse/client';
import { isNetworkType, type NetworkType } from '@/lib/flows/networkTypes';
import { FIRST_DAY, formatDay, LAST_DAY, parseDay } from '@/lib/server/reference/day';
import { layer, type Period } from '@/lib/server/reference/periods';
import { formatPrefix, type Prefix, prefixOf } from '@/lib/server/reference/prefix';
import { selectRows } from '@/lib/server/reference/target';

/** What a person gave a type: an ASN, a prefix, or a link (an interface of an exporter). */
export type EditKey = { asn: number } | { prefix: Prefix } | { exporter: string; interface: number };

/** One decision of a person about a network type. Days are UTC (day.ts), both included. */
export interface ClassificationEdit {
  id: string;
  madeAtMs: number;
  /** E-mail address. */
  author: string;
  key: EditKey;
  /** null = what the operators' file and the taxonomy say holds again. */
  networkType: NetworkType | null;
  from: number;
  to: number;
  reason: string;
}

interface EditRow {
  id: string;
  made_at_ms: string;
  author: string;
  kind: 'asn' | 'prefix' | 'link';
  asn: number;
  prefix: string;
  exporter: string;
  interface: number;
  network_type: string;
  valid_from: string;
  valid_to: string;
  reason: string;
}

/** Every edit that was applied, newest first. */
export async function readEdits(client: ClickHouseClient): Promise<ClassificationEdit[]> {
  const rows = await selectRows<EditRow>(
    client,
    `SELECT toString(edit_id) AS id, toUnixTimestamp64Milli(made_at) AS made_at_ms, author, kind, asn, prefix, exporter, interface,
       network_type, toString(valid_from) AS valid_from, toString(valid_to) AS valid_to, reason
     FROM classification_edits FINAL ORDER BY made_at DESC, edit_id DESC`,
  );
  return rows.map((row) => ({
    id: row.id,
    madeAtMs: Number(row.made_at_ms),
    author: row.author,
    key:
      row.kind === 'asn'
        ? { asn: row.asn }
        : row.kind === 'prefix'
          ? { prefix: prefixOf(row.prefix) }
          : { exporter: row.exporter, interface: row.interface },
    networkType: isNetworkType(row.network_type) ? row.network_type : null,
    from: parseDay(row.valid_from) ?? FIRST_DAY,
    to: parseDay(row.valid_to) ?? LAST_DAY,
    reason: row.reason,
  }));
}

/** Keeps an edit. The same edit again changes nothing. */
export async function storeEdit(client: ClickHouseClient, edit: ClassificationEdit): Promise<void> {
  const { key } = edit;
  await client.insert({
    table: 'classification_edits',
    format: 'JSONEachRow',
    values: [
      {
        edit_id: edit.id,
        made_at: new Date(edit.madeAtMs).toISOString().slice(0, 23).replace('T', ' '),
        author: edit.author,
        kind: 'asn' in key ? 'asn' : 'prefix' in key ? 'prefix' : 'link',
        asn: 'asn' in key ? key.asn : 0,
        prefix: 'prefix' in key ? formatPrefix(key.prefix) : '',
        exporter: 'exporter' in key ? key.exporter : '',
        interface: 'exporter' in key ? key.interface : 0,
        network_type: edit.networkType ?? '',
        valid_from: formatDay(edit.from),
        valid_to: formatDay(edit.to),
        reason: edit.reason,
      },
    ],
  });
}

/** What edits come to for one thing: types by day, the later edit over the earlier. */
export interface EditedThing<Key extends EditKey = EditKey> {
  key: Key;
  periods: (Period<{ networkType: NetworkType; reason: string }> & { author: string })[];
}

/** Text that is equal for equal things. */
export function keyText(key: EditKey): string {
  if ('asn' in key) return `AS${key.asn}`;
  if ('prefix' in key) return formatPrefix(key.prefix);
  return `${key.exporter} interface ${key.interface}`;
}

/**
 * Lays edits over one another, for each thing apart. Days of an edit that gives the type back to file and taxonomy are left out.
 * @param newestFirst as readEdits gives them
 */
export function resolveEdits(newestFirst: readonly ClassificationEdit[]): EditedThing[] {
  const byKey = new Map<string, ClassificationEdit[]>();
  for (const edit of newestFirst) {
    const text = keyText(edit.key);
    byKey.set(text, [...(byKey.get(text) ?? []), edit]);
  }
  return [...byKey.values()].flatMap((edits) => {
    const key = edits[0]?.key;
    if (key === undefined) return [];
    const periods = layer(edits.map((edit) => ({ from: edit.from, to: edit.to, value: edit })));
    const typed = periods.flatMap(({ from, to, value: { networkType, reason, author } }) =>
      networkType === null ? [] : [{ from, to, value: { networkType, reason }, author }],
    );
    return [{ key, periods: typed }];
  });
}
