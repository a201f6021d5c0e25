import type { Bucket, Span } from './bucketStates';
import type { Layer } from './prepareStackedArea';

/** Where the plot stands on the canvas, in CSS pixels, and what its edges mean. */
export interface Frame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** UTC epoch seconds at the left and right edge */
  readonly from: number;
  readonly to: number;
  /** value at the top edge */
  readonly top: number;
  /** value at the bottom edge: zero where it is left out, below zero under a mirrored axis, the least decade of a logarithmic one */
  readonly bottom?: number;
  /** logarithmic: `bottom` is above zero, and what is below it stands on the edge */
  readonly log?: boolean;
  /** a value is drawn flat over all of its bucket, and not as a point at its middle */
  readonly steps?: boolean;
}

/** The same for frames in which everything stands at the same place. */
export function frameKey(frame: Frame): string {
  const { x, y, width, height, from, to, top, bottom = 0, log = false, steps = false } = frame;
  return [x, y, width, height, from, to, top, bottom, log, steps].join();
}

/** A range in more buckets than this has them narrower than a hundredth of it. */
const MOST_STEPS = 100;

/**
 * Whether so few buckets are drawn that each is seen: as steps then, because a line from middle to middle would show a climb within
 * buckets of which only one value is known, and half a bucket of something else at both ends. The count decides and not the pixels, so that
 * a file has the look of the page.
 */
export function drawsSteps(bucketCount: number): boolean {
  return bucketCount <= MOST_STEPS;
}

export type Point = [x: number, y: number];

/** A stretch of one layer without gap and of one look. Both edges run from left to right. */
export interface AreaRun {
  readonly pale: boolean;
  readonly upper: readonly Point[];
  readonly lower: readonly Point[];
}

export function xOf(frame: Frame, instant: number): number {
  return frame.x + ((instant - frame.from) / (frame.to - frame.from)) * frame.width;
}

export function yOf(frame: Frame, value: number): number {
  const bottom = frame.bottom ?? 0;
  if (frame.log) {
    const least = Math.log10(bottom);
    const part = (Math.log10(Math.max(value, bottom)) - least) / (Math.log10(frame.top) - least);
    return frame.y + frame.height - part * frame.height;
  }
  return frame.y + frame.height - ((value - bottom) / (frame.top - bottom)) * frame.height;
}

/** The value at a pixel's height. */
export function valueAtY(frame: Frame, y: number): number {
  const bottom = frame.bottom ?? 0;
  const part = (frame.y + frame.height - y) / frame.height;
  if (!frame.log) return bottom + part * (frame.top - bottom);
  return bottom * (frame.top / bottom) ** part;
}

/** The instant below a pixel, held inside the frame. */
export function instantAtX(frame: Frame, x: number): number {
  const part = Math.min(1, Math.max(0, (x - frame.x) / frame.width));
  return frame.from + part * (frame.to - frame.from);
}

/** A bucket that is drawn; without a state it is whole. */
type Drawn = Span & Partial<Pick<Bucket, 'state'>>;

const isPale = (bucket: Drawn | undefined): boolean =>
  bucket?.state === 'partial' || bucket?.state === 'provisional';

/**
 * Cuts a layer into runs. A value stands at the middle of its bucket; a run reaches flat to the outer edges of its first
 * and last bucket, so that neither the range nor a gap looks wider or narrower than it is. Where the look changes inside
 * a run, both sides meet at the edge between the two buckets. Of steps each is flat from edge to edge of its bucket.
 */
export function areaRuns(buckets: readonly Drawn[], layer: Layer, frame: Frame): AreaRun[] {
  const runs: AreaRun[] = [];
  let upper: Point[] = [];
  let lower: Point[] = [];
  // A line has one edge.
  const isLine = layer.lower === layer.upper;
  const put = (instant: number, up: number, low: number): void => {
    const x = xOf(frame, instant);
    upper.push([x, yOf(frame, up)]);
    if (!isLine) lower.push([x, yOf(frame, low)]);
  };
  const close = (pale: boolean): void => {
    if (upper.length > 0) runs.push({ pale, upper, lower: isLine ? upper : lower });
    upper = [];
    lower = [];
  };
  for (const [i, bucket] of buckets.entries()) {
    const up = layer.upper[i];
    const low = layer.lower[i];
    if (up === null || up === undefined || low === null || low === undefined) continue;
    const before = neighbour(layer, i - 1);
    const after = neighbour(layer, i + 1);
    const pale = isPale(bucket);
    if (frame.steps) {
      // A run that goes on from another begins with the riser between them, which a line would lack.
      if (before && upper.length === 0) put(bucket.from, before.up, before.low);
      put(bucket.from, up, low);
      put(bucket.to, up, low);
      if (!after || isPale(buckets[i + 1]) !== pale) close(pale);
      continue;
    }
    if (!before) put(bucket.from, up, low);
    else if (upper.length === 0) put(bucket.from, (up + before.up) / 2, (low + before.low) / 2);
    put((bucket.from + bucket.to) / 2, up, low);
    if (!after) {
      put(bucket.to, up, low);
      close(pale);
    } else if (isPale(buckets[i + 1]) !== pale) {
      put(bucket.to, (up + after.up) / 2, (low + after.low) / 2);
      close(pale);
    }
  }
  return runs;
}

function neighbour(layer: Layer, i: number): { up: number; low: number } | null {
  const up = layer.upper[i];
  const low = layer.lower[i];
  return up === null || up === undefined || low === null || low === undefined ? null : { up, low };
}

/** Mean thickness of a layer in pixels: a hairline gap would swallow what is thinner than three. */
export function meanThickness(runs: readonly AreaRun[]): number {
  let sum = 0;
  let count = 0;
  for (const run of runs) {
    for (const [i, point] of run.upper.entries()) {
      sum += (run.lower[i]?.[1] ?? point[1]) - point[1];
      count += 1;
    }
  }
  return count === 0 ? 0 : sum / count;
}

export interface AreaLabel {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

/**
 * The widest place in a layer for its name, or null where the name would not stand inside it everywhere.
 * @param width of the text in pixels
 */
export function labelPlace(
  runs: readonly AreaRun[],
  text: string,
  width: number,
  height: number,
): AreaLabel | null {
  let best: { x: number; y: number; room: number } | null = null;
  for (const run of runs) {
    if (run.pale) continue;
    const { upper, lower } = run;
    let end = 0;
    for (let start = 0; start < upper.length; start += Math.max(1, Math.floor(upper.length / 160))) {
      const left = upper[start]?.[0] ?? 0;
      end = Math.max(end, start);
      while (end < upper.length && (upper[end]?.[0] ?? 0) < left + width) end += 1;
      if (end >= upper.length) break;
      let ceiling = 0;
      let floor = Number.POSITIVE_INFINITY;
      const least = best === null ? height : Math.max(height, best.room);
      // Most places are out of the question after a few points.
      for (let i = start; i <= end && floor - ceiling >= least; i += 1) {
        ceiling = Math.max(ceiling, upper[i]?.[1] ?? 0);
        floor = Math.min(floor, lower[i]?.[1] ?? 0);
      }
      const room = floor - ceiling;
      if (room >= height && (best === null || room > best.room)) {
        best = { x: left + width / 2, y: (ceiling + floor) / 2, room };
      }
    }
  }
  return best && { text, x: best.x, y: best.y };
}
