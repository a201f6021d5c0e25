import { expect, it } from 'vitest';
import { nextPieces } from './nextPieces';
import type { Piece } from './plan/pieces';

const utc = (text: string) => Date.parse(`${text}Z`) / 1000;
const identity = { seed: 1, start: utc('2026-11-01T00:00'), end: utc('2026-11-20T10:00'), records: 1 };
const done = (...pieces: Piece[]) => pieces.map((piece) => ({ piece, committed: true }));

it('a first live round begins where history ends', () => {
  const [piece, ...rest] = nextPieces(identity, [], utc('2026-11-20T10:00:42'), 'live');
  expect(rest).toEqual([]);
  expect(piece).toEqual({
    kind: 'live',
    origin: identity.end,
    finish: null,
    from: identity.end,
    to: utc('2026-11-20T10:00:40'),
  });
});

it('a short pause is caught up in the same live segment', () => {
  const before: Piece = {
    kind: 'live',
    origin: identity.end,
    finish: null,
    from: identity.end,
    to: identity.end + 40,
  };
  expect(nextPieces(identity, done(before), identity.end + 600, 'live')).toEqual([
    { ...before, from: identity.end + 40, to: identity.end + 600 },
  ]);
});

it('a long pause ends the live segment, is filled as history, and a new one begins', () => {
  const before: Piece = {
    kind: 'live',
    origin: identity.end,
    finish: null,
    from: identity.end,
    to: identity.end + 40,
  };
  const pieces = nextPieces(identity, done(before), utc('2026-11-22T09:31:17'), 'live');
  expect(pieces[0]).toEqual({
    ...before,
    from: before.to,
    finish: identity.end + 300,
    to: identity.end + 300,
  });
  expect(pieces.slice(1).map((p) => p.kind)).toEqual(['dense', 'dense', 'dense', 'live']);
  for (const [i, piece] of pieces.slice(1).entries()) expect(piece.from).toBe(pieces[i]?.to);
  expect(pieces.at(-1)).toMatchObject({ origin: utc('2026-11-22T09:30'), to: utc('2026-11-22T09:31:10') });
});

it('days more than two weeks back are filled thinly', () => {
  const pieces = nextPieces(identity, [], utc('2027-03-01T00:00'), 'history');
  expect(pieces[0]).toMatchObject({ kind: 'thin', from: identity.end });
  expect(pieces.filter((p) => p.kind === 'dense').reduce((sum, p) => sum + p.to - p.from, 0)).toBe(
    14 * 86_400,
  );
});

it('a batch that was begun and not finished comes again as it was', () => {
  const open: Piece = {
    kind: 'live',
    origin: identity.end,
    finish: null,
    from: identity.end,
    to: identity.end + 20,
  };
  const pieces = nextPieces(identity, [{ piece: open, committed: false }], identity.end + 65, 'live');
  expect(pieces).toEqual([open, { ...open, from: identity.end + 20, to: identity.end + 60 }]);
});
