import { topOf, valueTicks } from './ticks';

/** The value axis of a picture: its ticks ascending, and what its edges mean. */
export interface Scale {
  readonly ticks: readonly number[];
  readonly top: number;
  readonly bottom: number;
  readonly log: boolean;
}

/** Shares, to 100 % on one side or on both. */
export function shareScale(isMirrored: boolean): Scale {
  const up = [0, 0.25, 0.5, 0.75, 1];
  if (!isMirrored) return { ticks: up, top: 1, bottom: 0, log: false };
  return { ticks: [-1, -0.5, 0, 0.5, 1], top: 1, bottom: -1, log: false };
}

/**
 * Zero-based and linear. Mirrored, both sides have the same step, so that a pixel is worth as much above as below.
 * @param down the greatest value below the line; null where nothing is mirrored
 */
export function linearScale(up: number, down: number | null): Scale {
  if (down === null) {
    const ticks = valueTicks(up);
    return { ticks, top: topOf(ticks), bottom: 0, log: false };
  }
  // Both sides together have the room of one: half as many ticks on each.
  const [, step] = valueTicks(up + down);
  if (step === undefined) return { ticks: [0], top: 1, bottom: -1, log: false };
  const count = (most: number) => Math.max(1, Math.ceil(most / step - 1e-9));
  const above = count(up);
  const below = count(down);
  const ticks = Array.from({ length: above + below + 1 }, (_, i) =>
    Number(((i - below) * step).toPrecision(12)),
  );
  return { ticks, top: ticks.at(-1) ?? 1, bottom: ticks[0] ?? -1, log: false };
}

/** What is smaller than this part of the greatest stands on the lower edge. */
const MOST_DECADES = 6;

/** Whole decades from the least to the greatest value above zero; null where there is none, as a logarithm has no zero. */
export function logScale(values: readonly number[]): Scale | null {
  const positive = values.filter((value) => value > 0);
  if (positive.length === 0) return null;
  const most = positive.reduce((a, b) => Math.max(a, b));
  const least = positive.reduce((a, b) => Math.min(a, b));
  const last = Math.ceil(Math.log10(most) - 1e-9);
  const first = Math.min(last - 1, Math.max(last - MOST_DECADES, Math.floor(Math.log10(least) + 1e-9)));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) =>
    Number((10 ** (first + i)).toPrecision(12)),
  );
  return { ticks, top: ticks.at(-1) ?? 10, bottom: ticks[0] ?? 1, log: true };
}
