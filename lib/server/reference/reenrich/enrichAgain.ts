import type { ClickHouseClient } from '@clickhouse/client';
import { QUALITY_FLAGS } from '@/lib/flows/qualityFlags';
import type { ClickHouseTarget } from '@/lib/server/env';
import { localTable, select } from '@/lib/server/ingest/connect';

/** How stored records are enriched once more: by the very SELECT that enriches arriving ones. */
export interface EnrichAgain {
  /** Columns of flows that are stored, in order. */
  columns: string[];
  /** Columns that enrichment decides, apart from the versions it stamps: where they differ, a record has to be written again. */
  decided: string[];
  /**
   * SELECT of `columns` over the stored records of one UTC day, given as the parameter day (YYYYMMDD).
   */
  select: string;
}

/** Stamped on each row, but no reason to write a row again. */
const VERSIONS = ['taxonomy_version', 'geo_version'];
const MAX_COUNTER = '9223372036854775807';

/**
 * Takes the SELECT of the view flows_mv and puts the stored records, cut down to what a record brings with it, in the place of the landing
 * table. So stored and arriving records cannot be enriched differently.
 *
 * A record of unknown sampling rate gets the rate that the operators' file gives its exporter on the day of its start, as at import,
 * unless its counters would then exceed 2^63 - 1.
 */
export async function enrichAgain(client: ClickHouseClient, target: ClickHouseTarget): Promise<EnrichAgain> {
  const landing = localTable(target, 'flows_landing');
  const flows = localTable(target, 'flows');
  const columnsOf = async (table: string): Promise<Column[]> =>
    select<Column>(
      client,
      `SELECT name, type, default_kind FROM system.columns
       WHERE database = {database:String} AND table = {table:String} ORDER BY position`,
      { database: target.database, table: table.slice(target.database.length + 1) },
    );
  const [view] = await select<{ query: string }>(
    client,
    `SELECT as_select AS query FROM system.tables WHERE database = {database:String} AND name = 'flows_mv'`,
    { database: target.database },
  );
  const from = ` FROM ${landing}`;
  if (view === undefined || view.query.split(from).length !== 2) {
    throw new Error('The view flows_mv is not as the migrations make it: run npm run doctor.');
  }
  const stored = (await columnsOf(flows)).filter(({ default_kind }) => default_kind !== 'ALIAS');
  const brought = await columnsOf(landing);
  const source = brought.map(
    (column) => `${broughtValue(column, stored, target.database)} AS ${column.name}`,
  );
  const columns = stored.map(({ name }) => name);
  const broughtNames = new Set(brought.map(({ name }) => name));
  return {
    columns,
    decided: [
      ...columns.filter((name) => !broughtNames.has(name) && !VERSIONS.includes(name)),
      'sampling_rate',
      'quality_flags',
    ],
    select: `SELECT ${stored.map(asStored).join(', ')} FROM (${view.query.replace(
      from,
      ` FROM (SELECT ${source.join(', ')} FROM ${flows} AS f WHERE toYYYYMMDD(f.ts_start) = {day:UInt32})`,
    )}) AS e`,
  };
}

/** The type it is stored in: hashes of a text and of the Enum or LowCardinality made of it differ. */
function asStored({ name, type }: Column): string {
  return `CAST(e.${name} AS ${type}) AS ${name}`;
}

interface Column {
  name: string;
  type: string;
  default_kind: string;
}

/** What a stored record (f) says of a column that it came with. Qualified: an alias of the same name is not what is meant. */
function broughtValue({ name, type }: Column, stored: readonly Column[], database: string): string {
  const column = stored.find((one) => one.name === name);
  // Only keys that do not outlive the hour of their arrival are not stored.
  if (column === undefined) return `defaultValueOfTypeName('${type.replaceAll("'", "\\'")}')`;
  const rate = `dictGetOrDefault('${database}.exporter_sampling_dict', 'sampling_rate', tuple(toString(f.exporter)), toDate(f.ts_start), toUInt32(0))`;
  const isFilled = `(f.sampling_rate = 0 AND ${rate} > 0 AND toUInt128(greatest(f.bytes_raw, f.packets_raw)) * ${rate} <= ${MAX_COUNTER})`;
  if (name === 'sampling_rate') return `if(${isFilled}, ${rate}, f.sampling_rate)`;
  if (name === 'quality_flags') {
    return `if(${isFilled}, bitAnd(f.quality_flags, bitNot(toUInt32(${QUALITY_FLAGS.unknownSamplingRate}))), f.quality_flags)`;
  }
  return column.type === type ? `f.${name}` : `CAST(f.${name} AS ${type})`;
}
