import { beforeAll, expect, it } from 'vitest';
import { planWithoutDatabase } from '../testing/fakePools';
import { historyPieces, type Piece } from './pieces';
import { type PlanContext, type PlanRows, planRows } from './rows';

let context: PlanContext;
beforeAll(async () => {
  context = await planWithoutDatabase();
});

const utc = (text: string) => Date.parse(`${text}Z`) / 1000;

/** Rows as texts that do not depend on the batch they stand in. */
function texts({ base, ...rows }: PlanRows): string[] {
  return rows.start.map((start, i) =>
    [
      base + start,
      rows.duration[i],
      rows.source[i],
      rows.raw[i],
      rows.rate[i],
      rows.big[i],
      rows.small[i],
      rows.copies[i],
    ].join(' '),
  );
}

function cut(piece: Piece, seconds: number): Piece[] {
  const parts: Piece[] = [];
  for (let from = piece.from; from < piece.to; from += seconds) {
    parts.push({ ...piece, from, to: Math.min(piece.to, from + seconds) });
  }
  return parts;
}

it.each<[string, Piece, number]>([
  [
    'thin',
    {
      kind: 'thin',
      origin: utc('2026-03-01T00:00'),
      finish: utc('2026-03-05T00:00'),
      from: utc('2026-03-01T00:00'),
      to: utc('2026-03-05T00:00'),
    },
    86_400,
  ],
  [
    'dense',
    {
      kind: 'dense',
      origin: utc('2026-11-20T00:00'),
      finish: utc('2026-11-20T06:00'),
      from: utc('2026-11-20T00:00'),
      to: utc('2026-11-20T06:00'),
    },
    3_600,
  ],
  [
    'live',
    {
      kind: 'live',
      origin: utc('2026-11-20T00:00'),
      finish: null,
      from: utc('2026-11-20T00:00'),
      to: utc('2026-11-20T00:05'),
    },
    10,
  ],
])('a %s stretch gives the same rows however it is cut into batches', (_, piece, seconds) => {
  const whole = texts(planRows(context, piece)).sort();
  const parts = cut(piece, seconds)
    .flatMap((part) => texts(planRows(context, part)))
    .sort();
  expect(whole.length).toBeGreaterThan(1000);
  expect(parts).toEqual(whole);
});

it('every row lies within its segment and stays below twice the active timeout', () => {
  const piece = historyPieces(utc('2025-07-01T00:00'), utc('2025-08-01T00:00')).at(-1);
  if (!piece) throw new Error('no piece');
  const rows = planRows(context, piece);
  for (const [i, start] of rows.start.entries()) {
    const from = rows.base + start;
    const to = from + (rows.duration[i] ?? 0);
    if (
      from < piece.origin * 1000 ||
      to > piece.to * 1000 ||
      to - from >= 2 * context.network.activeTimeout * 1000
    ) {
      expect.fail(`row ${i} lasts from ${new Date(from).toISOString()} to ${new Date(to).toISOString()}`);
    }
  }
});

it('the bytes of a cell follow its curve', () => {
  const from = utc('2026-11-19T12:00');
  const piece: Piece = { kind: 'dense', origin: from, finish: from + 3600, from, to: from + 3600 };
  const rows = planRows(context, piece);
  const cell = { region: 'EU-Central', type: 'CDN', direction: 'egress' };
  let bytes = 0;
  for (const [i, source] of rows.source.entries()) {
    const known = context.sources.all[source];
    if (known?.region === cell.region && known.type === cell.type && known.direction === cell.direction) {
      bytes += (rows.raw[i] ?? 0) * (rows.rate[i] ?? 0);
    }
  }
  const curve = context.curves.find(
    (c) => c.cell.region === cell.region && c.cell.type === cell.type && c.cell.direction === cell.direction,
  );
  let planned = 0;
  for (let t = from + 150; t < from + 3600; t += 300) planned += ((curve?.bps(t) ?? 0) / 8) * 300;
  expect(bytes / planned).toBeCloseTo(1, 5);
});

it('history of any length comes to about the same number of records', async () => {
  for (const days of [200, 509, 900]) {
    const plan = await planWithoutDatabase(42, 10_000_000, days);
    const end = utc('2026-11-22T00:00');
    const pieces = historyPieces(end - days * 86_400, end);
    const dense = pieces.filter((p) => p.kind === 'dense');
    const thin = pieces.filter((p) => p.kind === 'thin');
    // One batch of each kind stands for its kind: their lengths are known.
    const of = (piece: Piece | undefined) =>
      piece ? planRows(plan, piece).records / (piece.to - piece.from) : 0;
    const seconds = (list: Piece[]) => list.reduce((sum, p) => sum + p.to - p.from, 0);
    const records = of(dense[1]) * seconds(dense) + of(thin[1]) * seconds(thin);
    expect(records).toBeGreaterThan(8_500_000);
    expect(records).toBeLessThan(11_500_000);
  }
}, 60_000);

it('pieces cover history without gap or overlap, the newest first', () => {
  const pieces = historyPieces(utc('2025-07-01T00:00'), utc('2026-11-22T13:25'));
  const ascending = [...pieces].sort((a, b) => a.from - b.from);
  expect(ascending[0]?.from).toBe(utc('2025-07-01T00:00'));
  expect(ascending.at(-1)?.to).toBe(utc('2026-11-22T13:25'));
  for (const [i, piece] of ascending.slice(1).entries()) expect(piece.from).toBe(ascending[i]?.to);
  expect(pieces[0]?.to).toBe(utc('2026-11-22T13:25'));
});
