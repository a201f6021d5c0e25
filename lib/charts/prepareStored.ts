import type { StoredTablesRows } from '@/lib/flows/contracts/storedTables';
import { bytesCell, countCell, NOTHING } from './countCell';
import { instantCell } from './dataCells';
import { THIN_SPACE } from './format';
import { plain, type TableModel } from './tableModel';
import { agoText } from './timeText';

/** Tables by their size on disk. */
export function prepareTables({ tables }: StoredTablesRows): TableModel {
  return {
    columns: [
      { key: 'table', label: 'Table', csv: 'table', definition: 'as in clickhouse/README.md' },
      {
        key: 'keep',
        label: 'Kept',
        csv: 'keep_days',
        definition: 'as WEIR_RETENTION sets it; 0 in the file = for ever, empty = no setting',
      },
      {
        key: 'from',
        label: 'Kept from',
        csv: 'kept_from_utc',
        definition: 'start of its oldest partition, a UTC day or month',
      },
      { key: 'rows', label: 'Rows', align: 'right', csv: 'rows', definition: 'rows on disk' },
      {
        key: 'bytes',
        label: 'On disk',
        align: 'right',
        csv: 'bytes_on_disk',
        definition: 'bytes on disk, compressed; on a cluster of one replica of each shard',
      },
      {
        key: 'each',
        label: 'Bytes/row',
        align: 'right',
        csv: 'bytes_per_row',
        definition: 'bytes on disk / rows',
      },
    ],
    rows: [...tables]
      .sort((a, b) => Number(BigInt(b.bytes) - BigInt(a.bytes)) || (a.table < b.table ? -1 : 1))
      .map(({ table, keepDays, keptFrom, rows, bytes, bytesPerRow }) => ({
        key: table,
        cells: [
          plain(table),
          keepDays === null
            ? NOTHING
            : {
                text: keepDays === 0 ? 'for ever' : `${keepDays}${THIN_SPACE}days`,
                exact: String(keepDays),
              },
          keptFrom === null ? NOTHING : plain(new Date(keptFrom * 1000).toISOString().slice(0, 10)),
          countCell(rows),
          bytesCell(bytes),
          bytesPerRow === null
            ? NOTHING
            : { text: bytesPerRow.toFixed(bytesPerRow < 100 ? 1 : 0), exact: String(bytesPerRow) },
        ],
      })),
  };
}

const REFERENCE: Record<StoredTablesRows['references'][number]['name'], string> = {
  network: 'Network file',
  taxonomy: 'Network types',
  asn: 'IP to ASN',
  geo: 'IP to country and metro',
};

/** What enrichment looks up. */
export function prepareReferences({ references }: StoredTablesRows, now: number, zone: string): TableModel {
  return {
    columns: [
      { key: 'name', label: 'What', csv: 'name', definition: 'what enrichment looks up' },
      {
        key: 'version',
        label: 'Version',
        align: 'right',
        csv: 'version',
        definition: 'grows by one with every change of what is loaded; stamped on each record',
      },
      { key: 'made', label: 'Made on', csv: 'made_on', definition: 'day that the source gives itself' },
      { key: 'loaded', label: 'Loaded', csv: 'loaded_utc', definition: 'when it was loaded here' },
      { key: 'rows', label: 'Rows', align: 'right', csv: 'rows', definition: 'rows loaded' },
      { key: 'source', label: 'From', csv: 'source', definition: 'package and version' },
    ],
    rows: references.map(({ name, version, rows, loadedAt, madeOn, source }) => ({
      key: name,
      cells: [
        { text: REFERENCE[name], exact: name },
        version === 0 ? { text: 'not loaded', exact: '0', tone: 'warn' } : plain(String(version)),
        madeOn === null ? NOTHING : plain(madeOn),
        loadedAt === null ? NOTHING : { ...instantCell(loadedAt, zone), text: agoText(loadedAt, now) },
        countCell(rows),
        source === '' ? NOTHING : plain(source, 'muted'),
      ],
    })),
  };
}
