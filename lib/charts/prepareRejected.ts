import type { RejectedRows } from '@/lib/flows/contracts/rejectedRecords';
import { countCell } from './countCell';
import { instantCell } from './dataCells';
import { plain, type TableModel } from './tableModel';

/** Rejected records by reason, most first. */
export function prepareRejected({ reasons }: RejectedRows, zone: string): TableModel {
  return {
    columns: [
      { key: 'reason', label: 'Reason', csv: 'reason', definition: 'of a closed set' },
      { key: 'meaning', label: 'What it means', csv: 'meaning', definition: 'the reason in words' },
      {
        key: 'records',
        label: 'Records',
        align: 'right',
        csv: 'records',
        definition: 'records that were not stored',
      },
      {
        key: 'sources',
        label: 'Sources',
        align: 'right',
        csv: 'sources',
        definition: 'distinct names of files and streams they came from',
      },
      { key: 'last', label: 'Last', csv: 'last_utc', definition: 'when the newest of them was rejected' },
    ],
    rows: reasons.map(({ reason, meaning, records, sources, lastAt }) => ({
      key: reason,
      cells: [
        { text: reason.replaceAll('_', ' '), exact: reason },
        plain(meaning, 'muted'),
        countCell(records, 'warn'),
        countCell(String(sources)),
        instantCell(lastAt, zone),
      ],
    })),
  };
}
