import { describe, expect, it } from 'vitest';
import type { MapEntry } from './model';
import { unplacedOf } from './unplaced';

const center = { latitude: 1, longitude: 2 };
const entries = (drawn: boolean) =>
  [
    { center: drawn ? center : null, radius: 1, bytes: '1' },
    { center: null, radius: 1, bytes: '99' },
  ] as MapEntry[];
const rows = { geoVersion: 1 };

describe('a bare map', () => {
  it('says that the table of places is not loaded, with the command that loads it', () => {
    const words = unplacedOf(
      { ...rows, geoVersion: 0 },
      { entries: entries(false), view: 'world', unknownShare: 1 },
    );
    expect(words).toMatchObject({ title: 'Nothing has a place yet', isBare: true });
    expect(words?.text).toContain('100\u2009% of the volume has no known place');
    expect(words?.command).toBe('npm run reference -- load');
  });

  it('says so where nearly all of the volume has no known place although the table is loaded', () => {
    const of = (unknownShare: number, drawn = true) =>
      unplacedOf(rows, { entries: entries(drawn), view: 'world', unknownShare });
    expect(of(0.99)).toMatchObject({
      title: '99.0\u2009% of the volume has no known place',
      isBare: false,
      command: 'npm run reference -- status',
    });
    expect(of(1, false)?.isBare).toBe(true);
    expect(of(0.154)).toBeNull();
  });

  it('of the United States says that what there is is elsewhere', () => {
    expect(unplacedOf(rows, { entries: entries(false), view: 'us', unknownShare: 0.2 })?.title).toContain(
      'United States',
    );
  });

  it('says nothing where there is nothing to place', () => {
    const none = [{ center: null, radius: 0, bytes: '0' }] as MapEntry[];
    expect(unplacedOf(rows, { entries: none, view: 'us', unknownShare: 0 })).toBeNull();
  });
});
