import { describe, expect, test } from 'vitest';
import type { NetworkType } from '@/lib/flows/networkTypes';
import { FIRST_DAY, formatDay, LAST_DAY, parseDay } from '@/lib/server/reference/day';
import { type ClassificationEdit, type EditKey, resolveEdits } from './classificationEdit';
import { layLinkEdits } from './layLinkEdits';

const day = (text: string): number => parseDay(text) ?? Number.NaN;

function edit(key: EditKey, networkType: NetworkType | null, from = '', to = ''): ClassificationEdit {
  return {
    id: crypto.randomUUID(),
    madeAtMs: 0,
    author: 'eve@example.com',
    key,
    networkType,
    from: from === '' ? FIRST_DAY : day(from),
    to: to === '' ? LAST_DAY : day(to),
    reason: 'test',
  };
}

const AS = { asn: 64500 };

/** Newest first, as they are read. */
function typesOf(...newestFirst: ClassificationEdit[]): string[] {
  return resolveEdits(newestFirst).flatMap(({ periods }) =>
    periods.map(({ from, to, value }) => `${formatDay(from)} ${formatDay(to)} ${value.networkType}`),
  );
}

describe('decisions laid over one another', () => {
  test('the later decision wins on the days that both cover', () => {
    expect(
      typesOf(edit(AS, 'CDN', '2026-03-01', '2026-03-31'), edit(AS, 'Hosting', '2026-01-01', '2026-12-31')),
    ).toEqual([
      '2026-01-01 2026-02-28 Hosting',
      '2026-03-01 2026-03-31 CDN',
      '2026-04-01 2026-12-31 Hosting',
    ]);
  });

  test('a type given back leaves its days to file and taxonomy, whatever was decided before', () => {
    expect(typesOf(edit(AS, null, '2026-02-01'), edit(AS, 'Hosting', '2026-01-01', '2026-12-31'))).toEqual([
      '2026-01-01 2026-01-31 Hosting',
    ]);
    expect(typesOf(edit(AS, null), edit(AS, 'Hosting'))).toEqual([]);
    expect(typesOf(edit(AS, 'CDN'), edit(AS, null), edit(AS, 'Hosting'))).toHaveLength(1);
  });

  test('things do not touch one another', () => {
    const resolved = resolveEdits([edit(AS, null), edit({ asn: 64501 }, 'CDN')]);
    expect(resolved.find(({ key }) => 'asn' in key && key.asn === 64501)?.periods).toHaveLength(1);
  });
});

describe('links with decisions laid over the file', () => {
  const LINK = { exporter: '192.0.2.1', interface: 7 };
  const row = (valid_from: string, valid_to: string, network_type: string) => ({
    ...LINK,
    valid_from,
    valid_to,
    name: 'wave',
    boundary: 'external',
    kind: 'private',
    provider: 'X',
    speed_bps: '1000',
    network_type,
  });
  const brief = (rows: ReturnType<typeof layLinkEdits>) =>
    rows.map((one) => `${one.valid_from} ${one.valid_to} ${one.kind} ${one.network_type || '-'}`);

  test('days of the decision have its type and keep the rest of the link; other days stay', () => {
    expect(
      brief(
        layLinkEdits(
          [row('2026-01-01', '2026-06-30', ''), row('2026-07-01', '2026-12-31', 'Migration')],
          [edit(LINK, 'Hosting', '2026-06-01', '2026-07-31')],
        ),
      ),
    ).toEqual([
      '2026-01-01 2026-05-31 private -',
      '2026-06-01 2026-06-30 private Hosting',
      '2026-07-01 2026-07-31 private Hosting',
      '2026-08-01 2026-12-31 private Migration',
    ]);
  });

  test('a link that the file does not know gets a row for the days of the decision', () => {
    expect(brief(layLinkEdits([], [edit(LINK, 'Migration', '2026-01-01', '2026-01-31')]))).toEqual([
      '2026-01-01 2026-01-31 unknown Migration',
    ]);
  });

  test('given back, a link is as the file has it; other links are never touched', () => {
    const file = [
      row('2026-01-01', '2026-06-30', ''),
      { ...row('2026-01-01', '2026-06-30', ''), interface: 8 },
    ];
    const laid = layLinkEdits(file, [edit(LINK, null), edit(LINK, 'Hosting')]);
    expect(new Set(laid)).toEqual(new Set(file));
  });
});
