import { rangeText } from '@/lib/charts/timeText';
import type { Meta } from '@/lib/flows/contracts/envelope';
import { printFilters } from '@/lib/flows/filter/printFilter';
import type { Scope } from '@/lib/flows/scope';
import { printScope } from '@/lib/flows/urlState';

/** The direction as part of a sentence. */
export function directionText(direction: Scope['direction']): string {
  return direction === 'both' ? 'ingress + egress' : direction;
}

/** The lines that stand at the head of every exported file: scope, completeness, source. */
export function headLines(scope: Scope, meta: Meta, definitions: readonly string[]): string[] {
  const iso = (instant: number): string => new Date(instant * 1000).toISOString().replace('.000Z', 'Z');
  return [
    `Range: [${iso(meta.from)}, ${iso(meta.to)}), half-open; ${rangeText(meta.from, meta.to, meta.zone)} in ${meta.zone}`,
    `Direction: ${directionText(scope.direction)}; filter: ${printFilters(scope.filters) || 'none'}`,
    ...(meta.bucket ? [`Bucket: ${meta.bucket}`] : []),
    ...definitions,
    ...meta.notes.map((note) => `Note: ${note.text}`),
    `Complete: ${meta.complete ? 'yes' : 'no'}; complete to: ${meta.watermark === null ? 'nothing arrived' : iso(meta.watermark)}${
      meta.provisionalFrom === null ? '' : `; provisional from ${iso(meta.provisionalFrom)}`
    }`,
    `Source: ${meta.table}; taxonomy ${meta.taxonomyVersion}; metrics ${meta.metricsVersion}; scope ${printScope(scope) || 'default'}`,
  ];
}

/** A file name that sorts: weir-traffic-by-type_20261121T1400Z_20261122T1400Z.csv */
export function fileName(what: string, meta: Pick<Meta, 'from' | 'to'>, extension: string): string {
  const stamp = (instant: number): string =>
    `${new Date(instant * 1000).toISOString().slice(0, 16).replace(/[-:]/g, '')}Z`;
  return `weir-${what}_${stamp(meta.from)}_${stamp(meta.to)}.${extension}`;
}
