import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isTimeZone } from './timeZone';
import { currentZoneName, findZones } from './zoneNames';

const listed = ['UTC', ...Intl.supportedValuesOf('timeZone')];
const find = (typed: string) => findZones(listed, typed, isTimeZone);

describe('finding a zone', () => {
  it.each([
    ['Kathmandu', 'Asia/Kathmandu'],
    ['katmandu', 'Asia/Kathmandu'],
    ['kathm', 'Asia/Kathmandu'],
    ['Kolkata', 'Asia/Kolkata'],
    ['calcutta', 'Asia/Kolkata'],
    ['Kyiv', 'Europe/Kyiv'],
    ['Kiev', 'Europe/Kyiv'],
    ['Asmara', 'Africa/Asmara'],
    ['ho chi minh', 'Asia/Ho_Chi_Minh'],
    ['new york', 'America/New_York'],
  ])('"%s" finds %s', (typed, name) => {
    expect(find(typed)).toContain(name);
    expect(find(typed)).toHaveLength(1);
  });

  it('the name before last, which nobody lists, is found when it is written out', () => {
    expect(find('Dacca')).toEqual(['Asia/Dacca']);
    expect(find('Atlantis')).toEqual([]);
  });

  it('every name it gives is one that the platform knows, and none stands twice', () => {
    const all = find('');
    expect(all.filter((name) => !isTimeZone(name))).toEqual([]);
    expect(new Set(all).size).toBe(all.length);
  });
});

const ZONE_TAB = '/usr/share/zoneinfo/zone.tab';

it.runIf(existsSync(ZONE_TAB))('present names are those of IANA', () => {
  const current = readFileSync(ZONE_TAB, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('\t')[2] ?? '');
  const platform = new Set(Intl.supportedValuesOf('timeZone'));
  const wrong = current.filter((name) => {
    if (platform.has(name)) return false;
    const listedAs = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
    return currentZoneName(listedAs) !== name;
  });
  expect(wrong).toEqual([]);
});
