import { describe, expect, it } from 'vitest';
import { LABEL_HEIGHT, type Named, placeLabels } from './labels';
import { type Box, cuts, type Dot, overlap, touches } from './shapes';

const size = { width: 360, height: 240 };

/** The same numbers each time: a linear congruential generator. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

/** Crowded as the United States are upon a map of the world: most circles in a corner of it, our regions on top of some. */
function crowd(seed: number) {
  const next = numbers(seed);
  const around = (low: number, high: number) => low + (high - low) * next();
  const places = Array.from(
    { length: 60 },
    (_, i): Named => ({
      key: `place ${i}`,
      text: `Place ${i}`,
      x: i < 45 ? around(60, 160) : around(0, 360),
      y: i < 45 ? around(60, 120) : around(0, 240),
      radius: Math.max(1.75, 16 / (i + 1)),
      width: around(30, 90),
    }),
  );
  const regions = [0, 1, 4].map((i): Named => {
    const { x = 0, y = 0 } = places[i] ?? {};
    return { key: `region ${i}`, text: `Region ${i}`, x, y, radius: 5, width: 50 };
  });
  const dots = Array.from(
    { length: 8 },
    (): Dot => ({ x: around(0, 360), y: around(0, 240), radius: around(2, 8) }),
  );
  const taken: Box[] = [{ left: 250, top: 200, right: 360, bottom: 240 }];
  return { size, places, regions, dots, taken, most: 20 };
}

describe('names of a crowded map', () => {
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    it(`cover no circle, mark, name, line to a name, nor what is taken, and stay in the picture (${seed})`, () => {
      const request = crowd(seed);
      const labels = placeLabels(request);
      expect(labels.length).toBeGreaterThan(6);
      for (const [i, { box, key, leader }] of labels.entries()) {
        expect(box.left >= 0 && box.top >= 0, key).toBe(true);
        expect(box.right <= size.width && box.bottom <= size.height, key).toBe(true);
        for (const dot of [...request.places, ...request.regions, ...request.dots])
          expect(touches(box, dot), `${key} upon a mark at ${dot.x}, ${dot.y}`).toBe(false);
        expect(
          request.taken.some((other) => overlap(box, other)),
          key,
        ).toBe(false);
        for (const other of labels.slice(i + 1))
          expect(overlap(box, other.box), `${key} and ${other.key}`).toBe(false);
        for (const other of labels)
          if (other.key !== key && leader)
            expect(cuts(leader, other.box), `${key} to ${other.key}`).toBe(false);
      }
      expect(labels.filter(({ isRegion }) => isRegion)).toHaveLength(3);
      expect(labels.filter(({ isRegion }) => !isRegion).length).toBeLessThanOrEqual(20);
    });
  }
});

describe('a name', () => {
  const place = (change: Partial<Named>): Named => ({
    key: 'a',
    text: 'A',
    x: 100,
    y: 100,
    radius: 10,
    width: 40,
    ...change,
  });
  const request = { size, places: [], regions: [], dots: [], taken: [], most: 10 };

  it('stands to the right of its circle where it can, else to the left', () => {
    const [label] = placeLabels({ ...request, places: [place({})] });
    expect(label?.box).toEqual({
      left: 113,
      top: 100 - LABEL_HEIGHT / 2,
      right: 153,
      bottom: 100 + LABEL_HEIGHT / 2,
    });
    const [other] = placeLabels({ ...request, places: [place({})], dots: [{ x: 130, y: 100, radius: 3 }] });
    expect(other?.box.right).toBe(87);
    const [atEdge] = placeLabels({ ...request, places: [place({ x: 340 })] });
    expect(atEdge?.box.right).toBe(327);
  });

  it('of one of the heaviest places stands further off rather than nowhere, that of others does not', () => {
    const around = Array.from({ length: 24 }, (_, i): Dot => {
      const turn = (i / 24) * 2 * Math.PI;
      return { x: 100 + 16 * Math.cos(turn), y: 100 + 16 * Math.sin(turn), radius: 2 };
    });
    const [label] = placeLabels({ ...request, places: [place({})], dots: around });
    expect(label?.leader).not.toBeNull();
    const four = [0, 1, 2, 3].map((i) => place({ key: `greater ${i}`, x: 250, y: 40 + 40 * i, radius: 5 }));
    const labels = placeLabels({ ...request, places: [...four, place({ key: 'lesser' })], dots: around });
    expect(labels.map(({ key }) => key)).toEqual(four.map(({ key }) => key));
  });

  it('of a lesser place is left out where a greater one has taken the room', () => {
    const walls = [
      { left: 0, top: 0, right: 360, bottom: 92 },
      { left: 0, top: 108, right: 360, bottom: 240 },
      { left: 0, top: 0, right: 85, bottom: 240 },
    ];
    const labels = placeLabels({
      ...request,
      most: 2,
      places: [place({ key: 'greater' }), place({ key: 'lesser', radius: 2, x: 160 })],
      taken: [...walls, { left: 200, top: 0, right: 360, bottom: 240 }],
    });
    expect(labels.map(({ key }) => key)).toEqual(['greater']);
  });

  it('is not given to what lies outside of the picture, or has no place in it', () => {
    const places = [place({ key: 'out', x: -5 }), place({ key: 'none', x: Number.NaN, y: Number.NaN })];
    expect(placeLabels({ ...request, places, regions: [place({ x: 400 })] })).toEqual([]);
  });

  it('of a region in the middle of a circle stands outside of it, with a line to its mark', () => {
    const labels = placeLabels({
      ...request,
      places: [place({ key: 'city', radius: 20 })],
      regions: [place({ key: 'ours', radius: 5 })],
    });
    const ours = labels.find(({ isRegion }) => isRegion);
    expect(ours?.leader).not.toBeNull();
    expect(ours && touches(ours.box, place({ radius: 20 }))).toBe(false);
    // Beside nothing it needs no line.
    expect(placeLabels({ ...request, regions: [place({ radius: 5 })] })[0]?.leader).toBeNull();
  });
});

describe('a line to a name', () => {
  it('does not run across the mark of another region where it can go another way', () => {
    const mark = (key: string, y: number): Named => ({ key, text: key, x: 100, y, radius: 5, width: 40 });
    const around = Array.from({ length: 24 }, (_, i): Dot => {
      const turn = (i / 24) * 2 * Math.PI;
      return { x: 100 + 24 * Math.cos(turn), y: 100 + 24 * Math.sin(turn), radius: 3 };
    });
    const regions = [mark('north', 93), mark('south', 107)];
    const labels = placeLabels({ size, places: [], regions, dots: around, taken: [], most: 0 });
    expect(labels.map(({ key, leader }) => [key, leader !== null])).toEqual([
      ['north', true],
      ['south', true],
    ]);
    for (const { key, leader } of labels)
      for (const other of regions)
        if (leader && other.key !== key) {
          const { x, y } = other;
          // The box of the mark's inner half.
          expect(cuts(leader, { left: x - 2, top: y - 2, right: x + 2, bottom: y + 2 }), key).toBe(false);
        }
  });
});
