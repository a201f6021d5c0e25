import { describe, expect, it, test } from 'vitest';
import { dayName, typeChangesIn, typeChangesOf, typeChangeText, typedByText } from './typeChanges';

const day = (text: string) => Date.parse(text) / 86_400_000;
const nov20 = day('2026-11-20');
const LAST = 65_535;

test('a new type from a day on, a type for some days, and what never changes', () => {
  const changes = typeChangesOf([
    { subject: 'AS64501', from: 0, to: nov20 - 1, type: 'ISP Regional' },
    { subject: 'AS64501', from: nov20, to: LAST, type: 'CDN' },
    { subject: '198.51.100.0/24', from: nov20 + 1, to: nov20 + 4, type: 'Hosting' },
    { subject: 'AS64502', from: 0, to: LAST, type: 'CDN' },
    // A link that is named from a day on, and has no type of its own.
    { subject: 'edge1 interface 7', from: nov20, to: LAST, type: '' },
    // Cut in two, and of one type.
    { subject: 'AS64503', from: 0, to: nov20 - 1, type: 'Hosting' },
    { subject: 'AS64503', from: nov20, to: LAST, type: 'Hosting' },
  ]);
  expect(changes.map(typeChangeText)).toEqual([
    'AS64501 is CDN from 2026-11-20 on (ISP Regional before)',
    '198.51.100.0/24 is Hosting from 2026-11-21 on (no type of its own before)',
    '198.51.100.0/24 has no type of its own from 2026-11-25 on (Hosting before)',
  ]);
});

test('only a change with something of the range before it and after it is in it', () => {
  const changes = [{ subject: 'AS64501', day: nov20, before: 'CDN', type: 'Hosting' }];
  const start = nov20 * 86_400;
  const among = (from: number, to: number) => typeChangesIn(changes, { from, to }).length;
  expect(among(start - 1, start + 1)).toBe(1);
  expect(among(start, start + 86_400)).toBe(0);
  expect(among(start - 86_400, start)).toBe(0);
  expect(dayName(nov20)).toBe('2026-11-20');
});

describe('what typed the records of some days', () => {
  const day = Date.parse('2026-05-19') / 86_400_000;

  it('is named by version where it is not what is loaded, and said plainly where it is', () => {
    expect(
      typedByText(
        [
          { day, versions: [3] },
          { day: day + 1, versions: [3, 4] },
        ],
        4,
      ),
    ).toBe(
      'Days and the version that typed them: 2026-05-19 by version 3, 2026-05-20 by version 3 and 4; taxonomy version 4 is loaded now.',
    );
    expect(
      typedByText(
        [
          { day, versions: [] },
          { day: day + 1, versions: [4] },
        ],
        4,
      ),
    ).toBe('The taxonomy that is loaded now typed them (version 4).');
    expect(typedByText([{ day, versions: [] }], 4)).toContain('no raw flows are kept');
  });
});
