import type { DemoBatch } from './batches';
import type { DemoIdentity } from './context';
import { DENSE_DAYS, FIVE_MINUTES, floorTo, type Piece } from './plan/pieces';

const DAY = 86_400;
const THIN_DAYS = 30;
/** The live feed's step: every ten seconds the records that ended in them. */
export const TICK = 10;
/** A pause shorter than this is caught up tick by tick, so that nobody sees where it was. */
const CATCH_UP = 900;

/**
 * What comes after the batches of the live source, up to `now`: after a long pause the live segment is ended at the next five minutes,
 * the gap is filled as history, and a new live segment begins. Ascending, each beginning where the one before ends.
 * @param until 'live' = up to the last tick; 'history' = up to the last five minutes, without a live segment
 */
export function nextPieces(
  identity: DemoIdentity,
  done: readonly Pick<DemoBatch, 'piece' | 'committed'>[],
  now: number,
  until: 'live' | 'history',
): Piece[] {
  const pieces: Piece[] = [];
  // A batch that was begun but not finished is stored again as it was; its token makes that safe.
  const open = done.filter((b) => !b.committed).map((b) => b.piece);
  pieces.push(...open);
  const last = done.reduce<Piece | null>((a, { piece }) => (a === null || piece.to > a.to ? piece : a), null);
  let cursor = last?.to ?? identity.end;
  let origin: number | null = last?.kind === 'live' && last.finish === null ? last.origin : null;

  if (origin !== null && now - cursor > CATCH_UP) {
    const finish = floorTo(cursor, FIVE_MINUTES) + FIVE_MINUTES;
    pieces.push({ kind: 'live', origin, finish, from: cursor, to: finish });
    cursor = finish;
    origin = null;
  }
  if (origin === null) {
    const end = floorTo(now, FIVE_MINUTES);
    for (const piece of gap(cursor, end)) pieces.push(piece);
    cursor = Math.max(cursor, end);
    origin = cursor;
  }
  const tick = floorTo(now, TICK);
  if (until === 'live' && tick > cursor)
    pieces.push({ kind: 'live', origin, finish: null, from: cursor, to: tick });
  return pieces;
}

/** History from `from` to `to`, oldest first: thin where it lies more than 14 days back, dense after that. */
function gap(from: number, to: number): Piece[] {
  const pieces: Piece[] = [];
  const dense = Math.min(to, Math.max(from, floorTo(to - DENSE_DAYS * DAY, FIVE_MINUTES)));
  const segment = (kind: 'thin' | 'dense', origin: number, finish: number, days: number) => {
    for (let at = origin; at < finish; ) {
      const next = Math.min(finish, floorTo(at, DAY) + days * DAY);
      pieces.push({ kind, origin, finish, from: at, to: next });
      at = next;
    }
  };
  segment('thin', from, dense, THIN_DAYS);
  segment('dense', dense, to, 1);
  return pieces;
}
