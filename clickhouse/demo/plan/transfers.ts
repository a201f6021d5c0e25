import { hash32, uniform } from './noise';
import type { Piece } from './pieces';
import type { Region } from './regions';

/** One large copy to a neocloud, far faster than everything around it. */
export interface Transfer {
  region: Region;
  /** seconds since 1970 */
  start: number;
  end: number;
  /** over all its lines */
  bps: number;
  lines: number;
}

const HOUR = 3600;
/** No line of the example network is faster. */
const LINE_BPS = 400e9;

/**
 * Transfers of 100 Gb/s to 1 Tb/s that end within a piece: a few an hour by business hours of US-East, each for half a minute to two
 * minutes; about one in twenty reaches 600 Gb/s and more for some seconds.
 */
export function transfersBetween(seed: number, piece: Piece): Transfer[] {
  const transfers: Transfer[] = [];
  for (let hour = Math.floor(piece.from / HOUR) - 1; hour * HOUR < piece.to; hour++) {
    const business = hour % 24 >= 13 && hour % 24 < 23;
    const count = Math.floor((business ? 0.9 : 0.35) + uniform(seed, 41, hour));
    for (let i = 0; i < count; i++) {
      const huge = hash32(seed, 42, hour, i) % 20 === 0;
      const seconds = huge
        ? 8 + Math.floor(14 * uniform(seed, 43, hour, i))
        : 25 + Math.floor(90 * uniform(seed, 43, hour, i) ** 2);
      const bps = huge
        ? 600e9 + 400e9 * uniform(seed, 44, hour, i)
        : 100e9 * 3.6 ** uniform(seed, 44, hour, i);
      const start = hour * HOUR + Math.floor(uniform(seed, 45, hour, i) * (HOUR - seconds));
      const end = start + seconds;
      const within =
        end > piece.from && end <= piece.to && start >= piece.origin && end <= (piece.finish ?? end);
      if (!within) continue;
      const region = huge || uniform(seed, 46, hour, i) < 0.65 ? 'US-East' : 'US-West';
      transfers.push({ region, start, end, bps, lines: Math.ceil(bps / LINE_BPS) });
    }
  }
  return transfers;
}
