import type { CsvHead } from '@/lib/charts/csv';
import { rangeText } from '@/lib/charts/timeText';
import type { Meta } from '@/lib/flows/contracts/envelope';

const iso = (instant: number): string => new Date(instant * 1000).toISOString().replace('.000Z', 'Z');

/** The lines at the head of a file of this page. Direction and filters do not apply to it. */
export function dataHead(title: string, meta: Meta): CsvHead {
  return {
    title,
    lines: [
      `Range: [${iso(meta.from)}, ${iso(meta.to)}), half-open; ${rangeText(meta.from, meta.to, meta.zone)} in ${meta.zone}; direction and filters do not apply`,
      ...meta.notes.map(({ text }) => `Note: ${text}`),
      `Complete to: ${meta.watermark === null ? 'nothing arrived' : iso(meta.watermark)}`,
      `Source: ${meta.table}; taxonomy ${meta.taxonomyVersion}; metrics ${meta.metricsVersion}`,
    ],
  };
}

/** weir-exporters_20261121T1400Z_20261122T1400Z.csv */
export function dataFileName(what: string, { from, to }: Pick<Meta, 'from' | 'to'>): string {
  const stamp = (instant: number): string =>
    `${new Date(instant * 1000).toISOString().slice(0, 16).replace(/[-:]/g, '')}Z`;
  return `weir-${what}_${stamp(from)}_${stamp(to)}.csv`;
}
