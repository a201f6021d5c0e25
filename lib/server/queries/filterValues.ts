import 'server-only';
import { z } from 'zod';
import { answerable } from '@/lib/flows/answerable';
import type { Request } from '@/lib/flows/contracts/contract';
import type { Answer, Note } from '@/lib/flows/contracts/envelope';
import type { FilterValues } from '@/lib/flows/contracts/filterValues';
import type { Dimension } from '@/lib/flows/dimensions';
import { countryName } from '@/lib/flows/filter/countries';
import { bothOf } from '@/lib/flows/filter/edit';
import { type Filters, NO_FILTERS } from '@/lib/flows/filter/filter';
import { protocolName } from '@/lib/flows/filter/protocols';
import { serviceName } from '@/lib/flows/filter/services';
import { isNetworkDimension } from '@/lib/flows/filter/words';
import { type Choice, type Plan, widen } from '@/lib/flows/plan';
import type { TimeRange } from '@/lib/flows/presets';
import type { Scope } from '@/lib/flows/scope';
import { TABLE_FACTS } from '@/lib/flows/tables';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { type Sql, sql } from '@/lib/server/clickhouse/sql';
import { askedRange, chooseFor, refused } from './asked';
import { dimensionColumn, filterDimensions } from './columns';
import { coverageFor } from './coverage';
import { keysOf } from './explore/keyColumns';
import { loadNames, organisationOf } from './explore/names';
import { type Facts, loadFacts } from './facts';
import { networkTyped, typedMatch } from './filterValues/typedMatch';
import { metaOf } from './meta';
import { exact, shareOf } from './rows';
import { slotsIn, slotsOf } from './slots';

const HOUR = 3_600;
const DAY = 86_400;

/** Of longer ranges the newest part is looked at: who matters now is found, and years cost no more than a month. */
const LONGEST = 30 * DAY;

/** Addresses are too many for a month of them. */
const LONGEST_OF_ADDRESSES = DAY;

/** Shorter ranges are answered by the hour, where there are hours. */
const SHORTEST_BY_DAY = 2 * DAY;

/** Somebody types: later than this nobody waits for it. */
const LIMITS = { seconds: 3, rows: 20_000_000 };

/** What a filter by a dimension can be completed with. */
export async function answerFilterValues(
  { scope, options }: Request<{ of: Dimension; typed: string }>,
  context: QueryContext,
): Promise<Answer<FilterValues>> {
  const started = performance.now();
  const facts = await loadFacts();
  const asked = askedRange(scope, facts.now);
  const typed = options.typed.trim();
  const { plan, filters, filtered } = planOf(scope, facts, options.of, asked);
  const rows = await loadValues(
    { ...context, limits: LIMITS },
    { scope: { ...scope, filters }, facts, plan, dimension: options.of, typed },
  );
  const notes: Note[] = filtered
    ? []
    : [
        {
          code: 'unfiltered',
          text: 'No rollup holds these values together with the filters: they are of all traffic.',
        },
      ];
  const coverage = coverageFor([], { ...facts, expected: [], onceExpected: [] }, plan);
  return {
    rows: { values: rows, filtered },
    meta: metaOf(context, { plan, asked, zone: scope.zone, coverage, facts, notes, started }),
  };
}

interface Planned {
  plan: Plan;
  filters: Filters;
  filtered: boolean;
}

/**
 * The narrowest rollup that holds the dimension, with the scope's filters where it holds those too; raw flows are never read.
 * @throws AppError where nothing is kept of the range
 */
function planOf(scope: Scope, facts: Facts, dimension: Dimension, asked: TimeRange): Planned {
  const first = choiceFor(scope, facts, dimension, asked);
  if ('plan' in first && isCheap(first.plan)) {
    return { plan: first.plan, filters: scope.filters, filtered: true };
  }
  const second = choiceFor({ ...scope, filters: NO_FILTERS }, facts, dimension, asked);
  if ('refusal' in second) throw refused(second.refusal);
  return { plan: second.plan, filters: NO_FILTERS, filtered: scope.filters.length === 0 };
}

function isCheap({ parts }: Plan): boolean {
  return parts.every(({ table }) => table !== 'flows');
}

/** Whole hours or days, so that no edge needs raw flows. */
function choiceFor(scope: Scope, facts: Facts, dimension: Dimension, asked: TimeRange): Choice {
  const dimensions = [dimension, ...filterDimensions(scope.filters)];
  const slots = answerable('volume', dimensions).tables.map((table) => TABLE_FACTS[table].slotSeconds);
  const isLong = asked.to - asked.from >= SHORTEST_BY_DAY && !isNetworkDimension(dimension);
  const slot = slots.includes(DAY) && (isLong || !slots.includes(HOUR)) ? DAY : HOUR;
  const longest = isNetworkDimension(dimension) ? LONGEST_OF_ADDRESSES : LONGEST;
  const range = widen({ from: Math.max(asked.from, asked.to - longest), to: asked.to }, slot);
  return chooseFor(scope, facts, { measure: 'volume', dimensions: [dimension], range, axis: false });
}

const valueRow = z.object({ value: z.string(), bytes: exact });
const matchRow = valueRow.extend({ everything: exact, name: z.string() });
const sumRow = z.object({ everything: exact });
/** `name` where it was read with the value */
type Value = z.infer<typeof valueRow> & { name?: string };

interface Wanted {
  scope: Scope;
  facts: Facts;
  plan: Plan;
  dimension: Dimension;
  typed: string;
}

async function loadValues(context: QueryContext, wanted: Wanted): Promise<FilterValues['values']> {
  const { scope, facts, plan, dimension, typed } = wanted;
  const network = isNetworkDimension(dimension) ? networkTyped(dimension, typed) : null;
  const slots = slotsOf({
    parts: plan.parts,
    dimensions: [dimension],
    direction: scope.direction,
    filters: network === null ? scope.filters : bothOf(scope.filters, [network.term]),
    rawSlotSeconds: HOUR,
    lookback: facts.lookback,
  });
  const column = dimensionColumn(dimension);
  const groups = sql`SELECT ${column}, sum(toUInt128(s.bytes)) AS total
        FROM
        (
${slots}
        ) AS s
        GROUP BY ${column}`;
  const matches = typedMatch(dimension, typed, facts);
  const [found, everything] = isNetworkDimension(dimension)
    ? await Promise.all([
        loadHeaviest(context, column, groups, matches),
        network === null ? loadEverything(context, wanted) : '0',
      ])
    : await loadMatching(context, dimension, groups, matches);
  const keys = found.map(({ value }) =>
    dimension === 'interface' ? value : (keysOf([dimension], [dimension], [value])[0] ?? value),
  );
  const labels =
    dimension === 'asn'
      ? found.map(({ name = '' }) => name)
      : await labelsOf(context, facts, dimension, keys);
  return found.map(({ bytes }, i) => ({
    key: keys[i] ?? '',
    label: labels[i] ?? '',
    bytes,
    // Within a network that was typed the rest was not read.
    share: network === null ? shareOf(bytes, everything) : null,
  }));
}

/**
 * The heaviest of few values, and the sum of all: the window sees every group, before what was typed narrows them. Organisations come along:
 * somebody types, and a second statement is waited for after the first.
 */
async function loadMatching(
  context: QueryContext,
  dimension: Dimension,
  groups: Sql,
  matches: Sql,
): Promise<[Value[], string]> {
  const column = dimensionColumn(dimension);
  const name = dimension === 'asn' ? organisationOf(column) : sql`''`;
  const rows = await execute(
    context,
    sql`SELECT toString(${column}) AS value, total AS bytes, everything, ${name} AS name
FROM
(
    SELECT ${column}, total, sum(total) OVER () AS everything
    FROM
    (
        ${groups}
    )
)
WHERE ${matches} AND total > 0
ORDER BY total DESC, value
LIMIT 20`,
    matchRow,
  );
  return [rows, rows[0]?.everything ?? '0'];
}

/** The heaviest of half a million addresses: neither a window over all of them nor their texts, which take as long as adding them up. */
function loadHeaviest(context: QueryContext, column: Sql, groups: Sql, matches: Sql): Promise<Value[]> {
  return execute(
    context,
    sql`SELECT toString(${column}) AS value, total AS bytes
FROM
(
    SELECT ${column}, total
    FROM
    (
        ${groups}
    )
    WHERE ${matches} AND total > 0
    ORDER BY total DESC, ${column}
    LIMIT 20
)
ORDER BY total DESC, ${column}`,
    valueRow,
  );
}

/** What everybody carried together, without reading the addresses once more: from the narrowest table that holds what is filtered by. */
async function loadEverything(context: QueryContext, wanted: Wanted): Promise<string> {
  const { scope, facts, plan } = wanted;
  const range = { from: plan.from, to: plan.to };
  const choice = chooseFor(scope, facts, { measure: 'volume', dimensions: [], range, axis: false });
  const isSame = 'plan' in choice && choice.plan.from === plan.from && choice.plan.to === plan.to;
  const [found] = await execute(
    context,
    sql`SELECT sum(toUInt128(s.bytes)) AS everything
FROM
(
${slotsIn(wanted, isSame ? choice.plan.parts : plan.parts, [], { rawSlotSeconds: HOUR })}
) AS s`,
    sumRow,
  );
  return found?.everything ?? '0';
}

async function labelsOf(
  context: QueryContext,
  facts: Facts,
  dimension: Dimension,
  keys: readonly string[],
): Promise<string[]> {
  switch (dimension) {
    case 'country':
      return keys.map((key) => countryName(key) ?? '');
    case 'protocol':
      return keys.map((key) => protocolName(Number(key)) ?? '');
    case 'servicePort':
      return keys.map((key) => serviceName(Number(key)) ?? '');
    case 'exporter': {
      const names = await loadNames(context, facts, dimension, keys);
      return keys.map((key) => names.find((each) => each.key === key)?.name ?? '');
    }
    default:
      return keys.map(() => '');
  }
}
