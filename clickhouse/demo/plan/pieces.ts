/** Seconds since 1970 throughout. */
export const FIVE_MINUTES = 300;
const DAY = 86_400;
/** The newest days are dense; older ones thinner, with longer records. */
export const DENSE_DAYS = 14;
const THIN_PIECE_DAYS = 30;

export type PieceKind = 'thin' | 'dense' | 'live';

/**
 * What one batch of the demo holds: every planned record that ends in (from, to]. Records of a segment are cut at its origin and,
 * once known, its finish, so that segments of different density meet without gap or overlap.
 */
export interface Piece {
  kind: PieceKind;
  /** where the segment begins that the piece belongs to */
  origin: number;
  /** where the segment ends; null while it goes on (live) */
  finish: number | null;
  from: number;
  to: number;
}

/**
 * Seconds of a long record in older days: 25 minutes, below the exporters' active timeout of 30, so that a single lane's steps stay low;
 * 50 minutes, below twice of it, where the history is so long or its records are so few that there is no room for more.
 */
export const THIN_SECONDS = [1500, 3000] as const;

/** Seconds of a long record by density. */
export const RECORD_SECONDS: Record<PieceKind, number> = {
  thin: THIN_SECONDS[0],
  dense: FIVE_MINUTES,
  live: 60,
};

export function floorTo(seconds: number, step: number): number {
  return Math.floor(seconds / step) * step;
}

/** Pieces of closed history from `start` to `end` (both multiples of 300), the newest first: whoever looks early sees the latest days. */
export function historyPieces(start: number, end: number): Piece[] {
  const dense = Math.max(start, floorTo(end - DENSE_DAYS * DAY, FIVE_MINUTES));
  return [
    ...segment('dense', dense, end, DAY).reverse(),
    ...segment('thin', start, dense, THIN_PIECE_DAYS * DAY).reverse(),
  ];
}

function segment(kind: PieceKind, origin: number, finish: number, length: number): Piece[] {
  const pieces: Piece[] = [];
  for (let from = origin; from < finish; ) {
    // Cuts at UTC midnights keep the number of daily partitions that a piece touches low.
    const to = Math.min(finish, floorTo(from, DAY) + length);
    pieces.push({ kind, origin, finish, from, to });
    from = to;
  }
  return pieces;
}
