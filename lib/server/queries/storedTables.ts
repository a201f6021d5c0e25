import 'server-only';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Request } from '@/lib/flows/contracts/contract';
import type { Answer } from '@/lib/flows/contracts/envelope';
import type { StoredTablesRows } from '@/lib/flows/contracts/storedTables';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { sql } from '@/lib/server/clickhouse/sql';
import { askedRange } from './asked';
import { coverageFor } from './coverage';
import { loadFacts } from './facts';
import { fixedPlan } from './fixedPlan';
import { metaOf } from './meta';
import { add, exact, small } from './rows';

/** What tables take and keep, and what is loaded for enrichment. The range does not apply. */
export async function answerStoredTables(
  { scope }: Request<unknown>,
  context: QueryContext,
): Promise<Answer<StoredTablesRows>> {
  const started = performance.now();
  const facts = await loadFacts();
  const asked = askedRange(scope, facts.now);
  const plan = fixedPlan(
    asked,
    60,
    'stored_parts + retention',
    'what stands on disk now, whatever the range',
  );
  const [parts, keepDays, references] = await Promise.all([
    loadParts(context),
    loadKeepDays(context),
    loadReferences(context),
  ]);
  const coverage = coverageFor([], { ...facts, expected: [] }, plan, undefined);
  const names = new Set([...parts.map(({ table }) => table), ...keepDays.keys()]);
  return {
    rows: {
      tables: [...names].sort().map((table) => {
        const part = parts.find((row) => row.table === table);
        const rows = part?.rows ?? '0';
        const bytes = part?.bytes ?? '0';
        return {
          table,
          keepDays: keepDays.get(table) ?? null,
          keptFrom: part ? startOfPartition(part.oldest) : null,
          rows,
          bytes,
          bytesPerRow: rows === '0' ? null : Number(bytes) / Number(rows),
        };
      }),
      bytes: add(parts.map(({ bytes }) => bytes)).toString(),
      references,
    },
    meta: metaOf(context, { plan, asked, zone: scope.zone, coverage, facts, started }),
  };
}

function loadParts(context: QueryContext) {
  return execute(
    context,
    sql`SELECT table_name AS table, min(partition_id) AS oldest, sum(stored_rows) AS rows, sum(stored_bytes) AS bytes
FROM stored_parts
GROUP BY table
ORDER BY table`,
    z.object({ table: z.string(), oldest: z.string(), rows: exact, bytes: exact }),
  );
}

/** Days that each table keeps, as set; 0 = for ever. */
export async function loadKeepDays(context: QueryContext): Promise<Map<string, number>> {
  const rows = await execute(
    context,
    sql`SELECT table_name AS table, argMax(keep_days, set_at) AS days FROM retention GROUP BY table_name`,
    z.object({ table: z.string(), days: small }),
  );
  return new Map(rows.map(({ table, days }) => [table, days]));
}

/** The UTC day or month that a partition id such as 20261122 or 202611 stands for; null for other partitions. */
function startOfPartition(id: string): number | null {
  const match = /^((?:19|20|21)\d\d)(\d\d)(\d\d)?$/.exec(id);
  if (!match) return null;
  return Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3] ?? 1)) / 1000;
}

const NAMES = ['network', 'taxonomy', 'asn', 'geo'] as const;

async function loadReferences(context: QueryContext): Promise<StoredTablesRows['references']> {
  const rows = await execute(
    context,
    sql`SELECT toString(r.name) AS name, max(r.version) AS version, argMax(r.rows, r.version) AS rows, argMax(detail, r.version) AS detail, toUnixTimestamp(toDateTime(argMax(loaded_at, r.version), 'UTC')) AS loadedAt
FROM reference_loads AS r
GROUP BY name`,
    z.object({ name: z.string(), version: small, rows: exact, detail: z.string(), loadedAt: small }),
  );
  return Promise.all(
    NAMES.map(async (name) => {
      const row = rows.find((each) => each.name === name);
      if (row === undefined) return { name, version: 0, rows: '0', loadedAt: null, madeOn: null, source: '' };
      const folder = folderOf(row.detail);
      const made = folder === null ? null : await packageOf(folder);
      return {
        name,
        version: row.version,
        rows: row.rows,
        loadedAt: row.loadedAt,
        madeOn: made?.madeOn ?? null,
        source: made?.name ?? '',
      };
    }),
  );
}

function folderOf(detail: string): string | null {
  try {
    const parsed = z.looseObject({ sourceDir: z.string().optional(), cityDir: z.string().optional() });
    const value = parsed.parse(JSON.parse(detail || '{}'));
    return value.sourceDir ?? value.cityDir ?? null;
  } catch {
    return null;
  }
}

/** Name and day of an npm package whose version carries a date, as 2.3.2026061719 does; null where there is no such package. */
async function packageOf(folder: string): Promise<{ name: string; madeOn: string | null } | null> {
  try {
    const { name, version } = z
      .object({ name: z.string(), version: z.string() })
      .parse(JSON.parse(await readFile(join(/* turbopackIgnore: true */ folder, 'package.json'), 'utf8')));
    const date = /\.(20\d\d)(\d\d)(\d\d)\d{2}$/.exec(version);
    return {
      name: `${name} ${version}`,
      madeOn: date ? `${date[1]}-${date[2]}-${date[3]}` : null,
    };
  } catch {
    return null;
  }
}
