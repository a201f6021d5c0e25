import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { isNetworkType, NETWORK_TYPES, type NetworkType } from '@/lib/flows/networkTypes';
import { FIRST_DAY, formatDay, LAST_DAY, parseDay } from '@/lib/server/reference/day';
import { findOverlap, type Period } from '@/lib/server/reference/periods';
import { type Prefix, parsePrefix } from '@/lib/server/reference/prefix';

/** The operators' file, read and checked. Days are numbers since 1970 (day.ts); a missing end is the first or last day. */
export type Network = z.output<typeof networkSchema>;
export type Link = Network['links'][number];
export type Override = Network['overrides'][number];

const UINT32_MAX = 4_294_967_295;

// Every message is "cause | fix"; networkFile.ts adds the line and the thing.
const dayField = z.string(say('is not a day', 'write it as 2026-01-31')).transform((text, context) => {
  const day = parseDay(text);
  if (day !== null) return day;
  context.addIssue(
    say('is not a day', `write it as 2026-01-31, between ${formatDay(FIRST_DAY)} and ${formatDay(LAST_DAY)}`),
  );
  return z.NEVER;
});

const dates = { valid_from: dayField.optional(), valid_to: dayField.optional() };

const networkType = z.custom<NetworkType>(
  (value) => typeof value === 'string' && isNetworkType(value),
  say('is not a network type', `use one of ${NETWORK_TYPES.join(', ')}`),
);

const wholeNumber = (least: number, most: number, unit: string) =>
  z
    .number(say('is not a number', `write whole ${unit} from ${least} to ${most}`))
    .refine(
      (value) => Number.isInteger(value) && value >= least && value <= most,
      say('is out of range', `write whole ${unit} from ${least} to ${most}`),
    );

const name = z
  .union([z.string(), z.number()], say('is not a text', 'write a name'))
  .transform((value) => String(value).trim())
  .refine((value) => value !== '', say('is empty', 'write a name, or leave the key out'));

/** One value, or a list of values with days. */
function dated<V>(value: z.ZodType<V>) {
  const entry = z.strictObject({ value, ...dates }).superRefine(checkOrder);
  return z
    .preprocess((input) => (Array.isArray(input) ? input : [{ value: input }]), z.array(entry))
    .transform((entries) => entries.map((one): Period<V> => ({ ...days(one), value: one.value })))
    .superRefine((periods, context) => {
      const overlap = findOverlap(periods);
      if (overlap === null) return;
      const day = formatDay(overlap[1].from);
      report(context, [], `has two values for ${day}`, 'end one period on the day before the next begins');
    });
}

const exporterFields = z.strictObject({
  address: name.transform(canonicalAddress),
  name: name.optional(),
  region: name.optional(),
  sampling_rate: dated(wholeNumber(1, UINT32_MAX, 'packets per sampled packet')).optional(),
  active_timeout: wholeNumber(1, 86_400, 'seconds').default(1800),
  idle_timeout: wholeNumber(1, 86_400, 'seconds').default(60),
  retired: dayField.optional(),
});

// One that was only ever seen is retired by its address and its day; whoever is expected has a place.
const exporter = exporterFields.superRefine(({ region, retired }, context) => {
  if (region === undefined && retired === undefined) {
    report(context, ['region'], 'is missing', 'add it');
  }
});

const degrees = (most: number) =>
  z
    .number(say('is not a number', `write degrees from -${most} to ${most}`))
    .refine(
      (value) => Math.abs(value) <= most,
      say('is out of range', `write degrees from -${most} to ${most}`),
    );

const region = z.strictObject({ name, latitude: degrees(90), longitude: degrees(180) });

const LINK_KINDS = ['transit', 'ix', 'pni', 'private', 'backbone', 'customer', 'unknown'] as const;
const BOUNDARIES = ['external', 'internal', 'unknown'] as const;

const link = z
  .strictObject({
    exporter: name.transform(canonicalAddress),
    interface: wholeNumber(1, UINT32_MAX, 'SNMP interface index'),
    name: name.optional(),
    boundary: z.enum(BOUNDARIES, say('is not a boundary', `use ${BOUNDARIES.join(', ')}`)).optional(),
    kind: z.enum(LINK_KINDS, say('is not a kind of link', `use ${LINK_KINDS.join(', ')}`)).default('unknown'),
    provider: name.optional(),
    speed: z.unknown().transform(readSpeed).optional(),
    network_type: dated(networkType).optional(),
    ...dates,
  })
  .superRefine(checkOrder)
  .transform(({ boundary, network_type, ...rest }) => ({
    ...rest,
    ...days(rest),
    boundary:
      boundary ?? (rest.kind === 'backbone' ? 'internal' : rest.kind === 'unknown' ? 'unknown' : 'external'),
    networkTypes: network_type ?? [],
  }));

const prefixField = z
  .string(say('is not a prefix', 'write it as 192.0.2.0/24'))
  .transform((text, context): Prefix => {
    const parsed = parsePrefix(text);
    if (parsed.ok) return parsed.prefix;
    context.addIssue(say(parsed.cause, parsed.fix));
    return z.NEVER;
  });

const override = z
  .strictObject({
    asn: wholeNumber(1, UINT32_MAX, 'AS number').optional(),
    prefix: prefixField.optional(),
    network_type: networkType,
    reason: name,
    ...dates,
  })
  .superRefine(checkOrder)
  .superRefine((entry, context) => {
    if ((entry.asn === undefined) === (entry.prefix === undefined)) {
      context.addIssue(
        say('needs either an asn or a prefix', 'write one of the two, and two overrides for both'),
      );
    }
  })
  .transform((entry) => ({ ...entry, ...days(entry) }));

const listOf = <S extends z.ZodType>(entry: S) =>
  z
    .array(entry, say('is not a list', 'begin each entry with "- "'))
    .nullish()
    .transform((entries) => entries ?? []);

export const networkSchema = z
  .strictObject({
    version: z.literal(1, say('is not a version this Weir reads', 'write version: 1')).default(1),
    regions: listOf(region),
    exporters: listOf(exporter),
    links: listOf(link),
    own_prefixes: listOf(prefixField),
    overrides: listOf(override),
  })
  .superRefine(checkWhole);

function checkWhole(
  network: {
    regions: z.output<typeof region>[];
    exporters: z.output<typeof exporter>[];
    links: z.output<typeof link>[];
    overrides: z.output<typeof override>[];
  },
  context: z.RefinementCtx,
): void {
  const addresses = new Set<string>();
  for (const [index, { address }] of network.exporters.entries()) {
    if (addresses.has(address)) {
      report(
        context,
        ['exporters', index, 'address'],
        `"${address}" is listed twice`,
        'keep one entry for each exporter',
      );
    }
    addresses.add(address);
  }
  checkRegions(network, context);
  const uses = new Map<string, Period<number>[]>();
  for (const [index, entry] of network.links.entries()) {
    if (!addresses.has(entry.exporter)) {
      report(
        context,
        ['links', index, 'exporter'],
        `"${entry.exporter}" is not among the exporters`,
        'add it under exporters, or correct the address',
      );
    }
    claim(uses, `${entry.exporter} ${entry.interface}`, entry, index, (day) =>
      report(
        context,
        ['links', index, 'interface'],
        `interface ${entry.interface} of "${entry.exporter}" has two links on ${formatDay(day)}`,
        'give each a valid_from and valid_to that do not meet, or remove one',
      ),
    );
  }
  for (const [index, entry] of network.overrides.entries()) {
    const key = entry.prefix
      ? `${entry.prefix.base}/${entry.prefix.version}/${entry.prefix.length}`
      : `as${entry.asn}`;
    claim(uses, key, entry, index, (day) =>
      report(
        context,
        ['overrides', index],
        `says a second type for the same ${entry.prefix ? 'prefix' : 'ASN'} on ${formatDay(day)}`,
        'end the first with a valid_to before this one begins, or remove one',
      ),
    );
  }
}

function checkRegions(
  network: { regions: z.output<typeof region>[]; exporters: z.output<typeof exporter>[] },
  context: z.RefinementCtx,
): void {
  const used = new Set(network.exporters.map((one) => one.region));
  const named = new Set<string>();
  for (const [index, entry] of network.regions.entries()) {
    const path = ['regions', index, 'name'];
    if (!used.has(entry.name)) {
      const fix = 'correct the name, or give an exporter this region';
      report(context, path, `"${entry.name}" is the region of no exporter`, fix);
    }
    if (named.has(entry.name)) {
      report(context, path, `"${entry.name}" is listed twice`, 'keep one entry for each region');
    }
    named.add(entry.name);
  }
}

function claim(
  uses: Map<string, Period<number>[]>,
  key: string,
  { from, to }: { from: number; to: number },
  index: number,
  taken: (day: number) => void,
): void {
  const earlier = uses.get(key) ?? [];
  const clash = earlier.find((period) => period.from <= to && from <= period.to);
  if (clash !== undefined) taken(Math.max(clash.from, from));
  uses.set(key, [...earlier, { from, to, value: index }]);
}

/** "cause | fix" in the one place where a zod issue carries text. */
function say(cause: string, fix: string): { code: 'custom'; message: string } {
  return { code: 'custom', message: `${cause} | ${fix}` };
}

function report(context: z.RefinementCtx, path: (string | number)[], cause: string, fix: string): void {
  context.addIssue({ ...say(cause, fix), path });
}

function checkOrder(
  entry: { valid_from?: number | undefined; valid_to?: number | undefined },
  context: z.RefinementCtx,
): void {
  if (entry.valid_from === undefined || entry.valid_to === undefined || entry.valid_from <= entry.valid_to)
    return;
  report(context, ['valid_to'], 'is before valid_from', 'exchange the two days or correct one');
}

function days(entry: { valid_from?: number | undefined; valid_to?: number | undefined }): {
  from: number;
  to: number;
} {
  return { from: entry.valid_from ?? FIRST_DAY, to: entry.valid_to ?? LAST_DAY };
}

/** Collectors print addresses in their shortest form; a file may not. */
function canonicalAddress(text: string): string {
  return ipaddr.IPv6.isValid(text) && text.includes(':') ? ipaddr.IPv6.parse(text).toRFC5952String() : text;
}

const SPEED_UNITS = { '': 1n, K: 1_000n, M: 1_000_000n, G: 1_000_000_000n, T: 1_000_000_000_000n } as const;

/** "400G", "2.5G" or a number of bits per second. */
function readSpeed(input: unknown, context: z.RefinementCtx): bigint {
  const match = /^(\d{1,15})(?:\.(\d{1,6}))?\s*([KMGT]?)(?:bit\/s|bps|b)?$/i.exec(String(input).trim());
  const unit = SPEED_UNITS[(match?.[3]?.toUpperCase() ?? '') as keyof typeof SPEED_UNITS];
  if (match === null || (typeof input !== 'string' && typeof input !== 'number')) {
    context.addIssue(say('is not a speed', 'write bits per second as 400G, 2.5G, 800M or a number'));
    return z.NEVER;
  }
  const fraction = match[2] ?? '';
  return (
    BigInt(match[1] ?? '0') * unit +
    (BigInt(fraction === '' ? '0' : fraction) * unit) / 10n ** BigInt(fraction.length)
  );
}
