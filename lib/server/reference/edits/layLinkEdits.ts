import { formatDay, parseDay } from '@/lib/server/reference/day';
import type { ClassificationEdit, EditedThing } from '@/lib/server/reference/edits/classificationEdit';
import { resolveEdits } from '@/lib/server/reference/edits/classificationEdit';
import type { NetworkRows } from '@/lib/server/reference/network/networkRows';

type LinkRow = NetworkRows['links'][number];
type EditedLink = EditedThing<{ exporter: string; interface: number }>;

/**
 * Links of the operators' file with the types that people gave them in the interface. A link that the file does not know gets a row
 * that says nothing but its type. Rows of one link never share a day, as the dictionary needs it.
 */
export function layLinkEdits(
  rows: readonly LinkRow[],
  newestFirst: readonly ClassificationEdit[],
): LinkRow[] {
  const edited = resolveEdits(newestFirst).filter((thing): thing is EditedLink => 'exporter' in thing.key);
  const touched = new Set(edited.map(({ key }) => `${key.interface} ${key.exporter}`));
  const untouched = rows.filter((row) => !touched.has(`${row.interface} ${row.exporter}`));
  return [...untouched, ...edited.flatMap((link) => layOne(rows, link))];
}

function layOne(rows: readonly LinkRow[], { key, periods }: EditedLink): LinkRow[] {
  const own = rows
    .filter((row) => row.exporter === key.exporter && row.interface === key.interface)
    .map((row) => ({ row, from: parseDay(row.valid_from) ?? 0, to: parseDay(row.valid_to) ?? 0 }));
  const edges = new Set([...own, ...periods].flatMap(({ from, to }) => [from, to + 1]));
  const days = [...edges].sort((a, b) => a - b);
  return days.flatMap((from, index) => {
    const next = days[index + 1];
    const holds = (one: { from: number; to: number }): boolean => one.from <= from && from <= one.to;
    const base = own.find(holds)?.row;
    const edit = periods.find(holds);
    if (next === undefined || (base === undefined && edit === undefined)) return [];
    return [
      {
        ...(base ?? { ...key, name: '', boundary: 'unknown', kind: 'unknown', provider: '', speed_bps: '0' }),
        network_type: edit?.value.networkType ?? base?.network_type ?? '',
        valid_from: formatDay(from),
        valid_to: formatDay(next - 1),
      },
    ];
  });
}
