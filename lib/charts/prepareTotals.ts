import type { DataStatusRows } from '@/lib/flows/contracts/dataStatus';
import type { ExporterQualityRows } from '@/lib/flows/contracts/exporterQuality';
import { bytesCell, NOTHING, shareCell, shareOfCounts } from './countCell';
import { BYTES } from './dataCells';
import { plain, type TableModel, type TableRow } from './tableModel';

/** What is in totals, and what stands beside them. */
export function prepareTotals(status: DataStatusRows, quality: ExporterQualityRows | null): TableModel {
  const { ingress, egress, internal, transit } = status.bytesByDirection;
  const all = [ingress, egress, internal, transit, quality?.notCountedBytes ?? '0']
    .reduce((sum, bytes) => sum + BigInt(bytes), 0n)
    .toString();
  const line = (name: string, inTotals: boolean, bytes: string | null, why: string): TableRow => ({
    key: name,
    cells: [
      plain(name),
      plain(inTotals ? 'yes' : 'no', inTotals ? 'good' : 'muted'),
      bytes === null ? NOTHING : bytesCell(bytes),
      bytes === null ? NOTHING : shareCell(shareOfCounts(bytes, all)),
      plain(why, 'muted'),
    ],
  });
  return {
    columns: [
      {
        key: 'what',
        label: 'Direction',
        csv: 'direction',
        definition: 'by the own prefixes of the network file',
      },
      {
        key: 'counted',
        label: 'In totals',
        csv: 'in_totals',
        definition: 'whether totals of other pages hold it',
      },
      BYTES,
      {
        key: 'share',
        label: 'Share',
        align: 'right',
        csv: 'share',
        definition: 'of all bytes in this table; 0 to 1 in the file',
      },
      { key: 'why', label: 'What it is', csv: 'meaning', definition: 'in words' },
    ],
    rows: [
      line('Ingress', true, ingress, 'from remote networks to own prefixes'),
      line('Egress', true, egress, 'from own prefixes to remote networks'),
      line('Internal', false, internal, 'between own prefixes'),
      line('Transit', false, transit, 'neither begins nor ends at an own prefix'),
      line(
        'Not counted',
        false,
        quality?.notCountedBytes ?? null,
        'seen on an interface that the network file calls internal: another exporter counts it at the edge',
      ),
    ],
  };
}
