import { ScrollRegion } from '@/components/ui/ScrollRegion';
import { groupDigits, NO_VALUE } from '@/lib/charts/format';
import type { HeatmapRows } from '@/lib/flows/contracts/regionTypeHeatmap';

/** Every measure of every cell, exact. */
export function HeatmapTable({ rows, caption }: { rows: HeatmapRows; caption: string }) {
  const lines = rows.regions.flatMap((region, r) =>
    rows.types.flatMap((type, t) => {
      const cell = rows.cells[r]?.[t];
      return cell ? [{ region, type, cell }] : [];
    }),
  );
  const head = 'border-b border-line px-3 text-right font-normal whitespace-nowrap';
  return (
    <ScrollRegion label={caption} className="max-h-[340px] rounded-[5px] border border-line">
      <table className="tabular w-full border-collapse text-axis">
        <caption className="sr-only">{caption}</caption>
        <thead className="sticky top-0 bg-surface text-muted">
          <tr className="h-8">
            <th scope="col" className="border-b border-line px-3 text-left font-normal">
              Region
            </th>
            <th scope="col" className="border-b border-line px-3 text-left font-normal">
              Network type
            </th>
            <th scope="col" className={head}>
              Bytes
            </th>
            <th scope="col" className={head}>
              Bits per second
            </th>
            <th scope="col" className={head}>
              Addresses
            </th>
            <th scope="col" className={head}>
              ±
            </th>
            <th scope="col" className={head}>
              Bits per address
            </th>
            <th scope="col" className={head}>
              Sampled packets
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ region, type, cell }) => (
            <tr key={`${region} ${type}`} className="h-6 border-b border-line hover:bg-hover">
              <th scope="row" className="px-3 text-left font-normal whitespace-nowrap">
                {region}
              </th>
              <td className="px-3 whitespace-nowrap">{type}</td>
              <td className="px-3 text-right">{groupDigits(cell.volume)}</td>
              <td className="px-3 text-right">{whole(cell.traffic)}</td>
              <td className="px-3 text-right">{whole(cell.uniques)}</td>
              <td className="px-3 text-right">
                {whole(cell.uniques === null ? null : cell.uniquesPlusMinus)}
              </td>
              <td className="px-3 text-right">{whole(cell.magnitude)}</td>
              <td className="px-3 text-right">
                {groupDigits(cell.sampledPackets)}
                {cell.fewPackets ? ' (few)' : ''}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function whole(value: number | null): string {
  return value === null ? NO_VALUE : groupDigits(value.toFixed(0));
}
