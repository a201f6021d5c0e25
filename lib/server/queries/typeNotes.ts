import 'server-only';
import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { Note } from '@/lib/flows/contracts/envelope';
import type { TimeRange } from '@/lib/flows/presets';
import type { Scope } from '@/lib/flows/scope';
import {
  type TypeChange,
  typeChangesIn,
  typeChangesOf,
  typeChangeText,
  typedByText,
} from '@/lib/flows/typeChanges';
import { execute, queryContext } from '@/lib/server/clickhouse/execute';
import { remember } from '@/lib/server/clickhouse/remember';
import { instant, sql } from '@/lib/server/clickhouse/sql';
import { dataVersion } from '@/lib/server/dataVersion';
import { filterDimensions } from './columns';
import type { Facts } from './facts';
import { small } from './rows';

const DAY = 86_400;

/** More changes than this are counted, not named. */
const MOST_NAMED = 3;

const periodRow = z.object({ subject: z.string(), from: small, to: small, type: z.string() });

/** Changes of types that the operators' file, the taxonomy and people date. Nobody's leaving cancels what all ask. */
const changes = remember<TypeChange[]>(60_000, async () =>
  typeChangesOf(
    await execute(
      queryContext('type-changes', randomUUID(), new AbortController().signal),
      sql`SELECT subject, toUInt32(toUInt16(valid_from)) AS from, toUInt32(toUInt16(valid_to)) AS to, network_type AS type
FROM
(
    SELECT concat('AS', toString(asn)) AS subject, valid_from, valid_to, network_type FROM asn_types
    UNION ALL
    SELECT prefix AS subject, valid_from, valid_to, network_type FROM prefix_types
    UNION ALL
    SELECT concat(exporter, ' interface ', toString(interface)) AS subject, valid_from, valid_to, network_type FROM links
)
WHERE toUInt16(valid_from) > 0 OR toUInt16(valid_to) < 65535
ORDER BY subject, from`,
      periodRow,
    ),
  ),
);

/** The next answers read the dates anew: after a load of reference data, and in tests. */
export function forgetTypeChanges(): void {
  changes.forget();
  versionsOfDays.clear();
}

/** Whether an answer is split or filtered by network type. */
export function tellsTypes(by: readonly string[], scope: Scope): boolean {
  return by.includes('type') || filterDimensions(scope.filters).includes('type');
}

/**
 * What must be known of an answer by network type whose range holds a day from which on something has another type: what changed, and
 * by which versions of the taxonomy the records around it were typed.
 */
export async function typeNotes(range: TimeRange, facts: Facts): Promise<Note[]> {
  const found = typeChangesIn(await changes(), range);
  if (found.length === 0) return [];
  const named = found
    .slice(0, MOST_NAMED)
    .map((change) => ({ ...change, subject: withName(change.subject, facts) }));
  const more = found.length - named.length;
  const list = `${named.map(typeChangeText).join('; ')}${more === 0 ? '' : `; and ${more} more`}`;
  const versions = await versionsAround(named, facts);
  return [
    {
      code: 'types_changed',
      text: `Within this range ${list}: each record counts by the type it was stored with. ${versions}`,
    },
  ];
}

/** `edge1 interface 7` instead of the exporter's address, where it has a name. */
function withName(subject: string, { exporters }: Facts): string {
  return subject.replace(/^(\S+)(?= interface \d+$)/, (address) => {
    const name = exporters.find(({ exporter }) => exporter === address)?.name;
    return name === undefined || name === '' ? address : name;
  });
}

const versionRow = z.object({ versions: z.array(z.number()) });

/**
 * Taxonomy versions of the records of a UTC day (days since 1970), as of what is stored of it: every answer by type asks, and it reads raw flows.
 * An answer is remembered for as long as its data stay the same, and so must what it says of them.
 */
const versionsOfDays = new LRUCache<string, readonly number[], { day: number }>({
  max: 400,
  fetchMethod: async (_key, _stale, { context: { day } }) => {
    const [row] = await execute(
      queryContext('type-versions', randomUUID(), new AbortController().signal),
      sql`SELECT arraySort(groupUniqArray(taxonomy_version)) AS versions
FROM flows
WHERE ts_start >= ${instant(day * DAY)} AND ts_start < ${instant((day + 1) * DAY)}`,
      versionRow,
    );
    return row?.versions ?? [];
  },
});

/** The taxonomy versions of the stored records of the days before the changes and of the changes. */
async function versionsAround(
  named: readonly TypeChange[],
  { retention, taxonomyVersion }: Facts,
): Promise<string> {
  const around = [...new Set(named.flatMap(({ day }) => [day - 1, day]))].sort((a, b) => a - b);
  const kept = around.filter((day) => day * DAY >= (retention.flows ?? 0));
  const found = await Promise.all(
    kept.map(async (day) => {
      const stored = await dataVersion([{ from: day * DAY, to: (day + 1) * DAY }]);
      return { day, versions: (await versionsOfDays.fetch(`${day} ${stored}`, { context: { day } })) ?? [] };
    }),
  );
  return typedByText(found, taxonomyVersion);
}
