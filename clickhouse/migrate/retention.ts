/** Days that rows are kept, or `keep` for ever. */
export type Keep = number | 'keep';

interface RetainedTable {
  /** What ages: an expression of type DateTime. */
  time: string;
  /** Or the table whose setting it follows where it has none of its own. */
  default: Keep | { as: string };
}

/** Every table with a retention, and what holds where nobody sets it. */
export const retainedTables = {
  flows: { time: 'toDateTime(ts_start)', default: 35 },
  flows_rejected: { time: 'toDateTime(rejected_at)', default: 90 },
  // Some rows a batch, which a long range reads all of: no table of sums stands behind it.
  batch_exporters: { time: 'hour', default: 2 * 365 },
  // Five minutes are what an exact p95 is made of, at any age.
  traffic_5m: { time: 'bucket', default: 'keep' },
  totals_5m: { time: 'bucket', default: 'keep' },
  types_5m: { time: 'bucket', default: 'keep' },
  regions_5m: { time: 'bucket', default: 'keep' },
  links_5m: { time: 'bucket', default: 'keep' },
  coverage_5m: { time: 'bucket', default: 'keep' },
  coverage_1d: { time: 'bucket', default: 'keep' },
  quality_1h: { time: 'bucket', default: 'keep' },
  // Hours meet the days of other zones, days are what years are read from.
  traffic_1h: { time: 'bucket', default: 5 * 365 },
  types_1h: { time: 'bucket', default: 'keep' },
  links_1h: { time: 'bucket', default: 'keep' },
  traffic_1d: { time: 'bucket', default: 'keep' },
  // Origins and services have many keys an hour.
  asns_1h: { time: 'bucket', default: 2 * 365 },
  places_1h: { time: 'bucket', default: 2 * 365 },
  services_1h: { time: 'bucket', default: 2 * 365 },
  asns_1d: { time: 'bucket', default: 'keep' },
  places_1d: { time: 'bucket', default: 'keep' },
  services_1d: { time: 'bucket', default: 'keep' },
  // Single addresses do not shrink by much: as long as raw, and then the heaviest of each month.
  endpoints_1d: { time: 'bucket', default: { as: 'flows' } },
  pairs_1d: { time: 'bucket', default: { as: 'flows' } },
  // Hours of uniqueness refine the edges of a range, which raw flows do too: neither is of use without the other.
  uniques_1h: { time: 'bucket', default: { as: 'flows' } },
  uniques_1d: { time: 'bucket', default: 2 * 365 },
  uniques_10d: { time: 'bucket', default: { as: 'uniques_1d' } },
  uniques_1mo: { time: 'bucket', default: 'keep' },
  uniques_asn_1mo: { time: 'bucket', default: 'keep' },
  uniques_place_1mo: { time: 'bucket', default: 'keep' },
  heavy_addresses_1mo: { time: 'bucket', default: 'keep' },
  heavy_locals_1mo: { time: 'bucket', default: 'keep' },
  heavy_pairs_1mo: { time: 'bucket', default: 'keep' },
  heavy_prefixes_1mo: { time: 'bucket', default: 'keep' },
  heavy_addresses_1q: { time: 'bucket', default: 'keep' },
  heavy_locals_1q: { time: 'bucket', default: 'keep' },
  heavy_pairs_1q: { time: 'bucket', default: 'keep' },
  heavy_prefixes_1q: { time: 'bucket', default: 'keep' },
} as const satisfies Record<string, RetainedTable>;

export type RetainedTableName = keyof typeof retainedTables;
export type RetentionSettings = Record<RetainedTableName, Keep>;

const names = Object.keys(retainedTables) as RetainedTableName[];
const daysOfUnit: Record<string, number> = { d: 1, w: 7, y: 365 };

/**
 * Reads a setting such as `flows=35d,traffic_5m=keep,uniques_1d=3y`; what it leaves out has its default. `all=keep` comes
 * before single tables. Years are 365 days.
 * @throws Error naming the entry and what to write instead
 */
export function parseRetention(text: string | undefined): RetentionSettings {
  const given = new Map<string, Keep>();
  for (const entry of (text ?? '').split(',').map((part) => part.trim())) {
    if (entry === '') continue;
    const [name = '', value = ''] = entry.split('=').map((part) => part.trim());
    if (name !== 'all' && !isRetained(name)) {
      throw new Error(
        `WEIR_RETENTION names "${name}", which has no retention: use all, ${names.join(', ')}, for example flows=35d.`,
      );
    }
    given.set(name, parseKeep(name, value));
  }
  const all = given.get('all');
  const of = (name: RetainedTableName): Keep => {
    const { default: otherwise } = retainedTables[name];
    const own = given.get(name) ?? all;
    if (own !== undefined) return own;
    return typeof otherwise === 'object' ? of(otherwise.as) : otherwise;
  };
  return Object.fromEntries(names.map((name) => [name, of(name)])) as RetentionSettings;
}

function parseKeep(name: string, value: string): Keep {
  if (value === 'keep') return 'keep';
  const match = /^(\d{1,6})([dwy])$/.exec(value);
  const days = Number(match?.[1]) * (daysOfUnit[match?.[2] ?? ''] ?? Number.NaN);
  if (!Number.isSafeInteger(days) || days < 1 || days > 36_500) {
    throw new Error(
      `WEIR_RETENTION sets ${name} to "${value}": write days, weeks or years such as ${name}=35d, 5w, 2y (at most 100 years), or ${name}=keep.`,
    );
  }
  return days;
}

function isRetained(name: string): name is RetainedTableName {
  return Object.hasOwn(retainedTables, name);
}
