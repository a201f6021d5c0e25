import type { ImportBatch, ImportLedgerRows } from '@/lib/flows/contracts/importLedger';
import { countCell } from './countCell';
import { instantCell, printable } from './dataCells';
import { type Cell, type Column, plain, type TableModel } from './tableModel';

const SUMS: readonly Column[] = [
  {
    key: 'records',
    label: 'Records',
    align: 'right',
    csv: 'records',
    definition: 'read = accepted + rejected + duplicates',
  },
  { key: 'accepted', label: 'Accepted', align: 'right', csv: 'accepted', definition: 'stored' },
  {
    key: 'rejected',
    label: 'Rejected',
    align: 'right',
    csv: 'rejected',
    definition: 'not stored, kept with the reason',
  },
  {
    key: 'duplicates',
    label: 'Duplicates',
    align: 'right',
    csv: 'duplicates',
    definition:
      'left out: the same record was stored before. Of files and requests a batch that comes again as a whole makes no line and is not in this count: the import that sent it says so; repeats from Kafka are counted here',
  },
  {
    key: 'flagged',
    label: 'Flagged',
    align: 'right',
    csv: 'flagged',
    definition: 'accepted with at least one quality flag',
  },
];

type Sums = Pick<ImportBatch, 'records' | 'accepted' | 'rejected' | 'duplicates' | 'flagged'>;

function sumCells(sums: Sums): Cell[] {
  return [
    countCell(sums.records),
    countCell(sums.accepted),
    countCell(sums.rejected, 'warn'),
    countCell(sums.duplicates),
    countCell(sums.flagged),
  ];
}

/** Imports by source name. */
export function prepareSources({ sources }: ImportLedgerRows, zone: string): TableModel {
  return {
    columns: [
      { key: 'source', label: 'Source', csv: 'source', definition: 'path or name as it was given' },
      { key: 'format', label: 'Format', csv: 'format', definition: 'as it was read' },
      ...SUMS,
      {
        key: 'last',
        label: 'Last stored',
        csv: 'last_stored_utc',
        definition: 'when its newest batch was stored',
      },
    ],
    rows: sources.map((row) => ({
      key: `${row.sourceName} ${row.format}`,
      cells: [
        sourceCell(row.sourceName),
        plain(row.format),
        ...sumCells(row),
        instantCell(row.lastStored, zone),
      ],
    })),
  };
}

const BATCH_TONES = { stored: 'muted', 'under way': 'plain', 'in doubt': 'bad', lost: 'bad' } as const;

/** Batches of the ledger. */
export function prepareBatches(batches: readonly ImportBatch[], zone: string): TableModel {
  return {
    columns: [
      {
        key: 'stored',
        label: 'Taken in',
        csv: 'stored_utc',
        definition: 'when the ledger took the batch in',
      },
      {
        key: 'state',
        label: 'State',
        csv: 'state',
        definition:
          'stored; under way; in doubt: begun more than a minute ago and not finished; lost: could not be made again',
      },
      { key: 'source', label: 'Source', csv: 'source', definition: 'path or name as it was given' },
      { key: 'format', label: 'Format', csv: 'format', definition: 'as it was read' },
      ...SUMS,
      {
        key: 'first',
        label: 'Flows from',
        csv: 'first_start_utc',
        definition: 'least start of its accepted records',
      },
      {
        key: 'last',
        label: 'Flows to',
        csv: 'last_end_utc',
        definition: 'greatest end of its accepted records',
      },
    ],
    rows: batches.map((row) => ({
      key: row.batch,
      cells: [
        { ...instantCell(row.storedAt, zone), title: `batch ${row.batch}` },
        plain(row.state, BATCH_TONES[row.state]),
        sourceCell(row.sourceName),
        plain(row.format),
        ...sumCells(row),
        instantCell(row.firstStart, zone),
        instantCell(row.lastEnd, zone),
      ],
    })),
  };
}

/** A path by its end, which tells files apart. */
function sourceCell(name: string): Cell {
  const shown = printable(name);
  return { text: shown.length > 44 ? `…${shown.slice(-43)}` : shown, exact: name, title: shown };
}
