import type { LateDataRows } from '@/lib/flows/contracts/lateData';
import { countCell } from './countCell';
import { printable, RECORDS } from './dataCells';
import { formatDuration } from './format';
import { plain, type TableModel } from './tableModel';

/** Records received late, by day of flow and of receipt. */
export function prepareLate({ late }: LateDataRows): TableModel {
  return {
    columns: [
      { key: 'exporter', label: 'Exporter', csv: 'exporter', definition: 'who sent it' },
      {
        key: 'flow',
        label: 'Day of flow',
        csv: 'flow_day_utc',
        definition: 'UTC day in which the record begins',
      },
      {
        key: 'received',
        label: 'Day received',
        csv: 'received_day_utc',
        definition: 'UTC day in which the collector received it',
      },
      { ...RECORDS, label: 'Late records' },
      {
        key: 'threshold',
        label: 'Later than',
        align: 'right',
        csv: 'later_than_seconds',
        definition:
          'late = more seconds than this between end and receipt: an hour, or the p99 of its exporter over the range where that is more',
      },
    ],
    rows: late.map(({ exporter, name, flowDay, receivedDay, records, threshold }) => ({
      key: `${exporter} ${flowDay} ${receivedDay}`,
      cells: [
        { text: name, exact: exporter, title: exporter },
        plain(flowDay),
        plain(receivedDay),
        countCell(records),
        { text: formatDuration(threshold + (threshold === 3_599 ? 1 : 0)), exact: String(threshold) },
      ],
    })),
  };
}

/** Batches stored late, by day. */
export function prepareLateImports({ imports }: LateDataRows): TableModel {
  return {
    columns: [
      {
        key: 'stored',
        label: 'Day stored',
        csv: 'stored_day_utc',
        definition: 'UTC day in which the ledger took the batch in',
      },
      {
        key: 'first',
        label: 'Flows from',
        csv: 'first_flow_day_utc',
        definition: 'UTC day of its first record',
      },
      {
        key: 'last',
        label: 'Flows to',
        csv: 'last_flow_day_utc',
        definition: 'UTC day of the end of its last record',
      },
      RECORDS,
      {
        key: 'batches',
        label: 'Batches',
        align: 'right',
        csv: 'batches',
        definition: 'batches stored an hour or more after their last record ended',
      },
      {
        key: 'sources',
        label: 'Sources',
        csv: 'sources',
        long: true,
        definition: 'up to five of their names',
      },
    ],
    rows: imports.map(({ firstDay, lastDay, storedDay, batches, records, sources }) => ({
      key: `${storedDay} ${firstDay} ${lastDay}`,
      cells: [
        plain(storedDay),
        plain(firstDay),
        plain(lastDay),
        countCell(records),
        countCell(String(batches)),
        { ...plain(sources.map(printable).join(', '), 'muted'), title: sources.map(printable).join(', ') },
      ],
    })),
  };
}
