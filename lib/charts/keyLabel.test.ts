import { describe, expect, it } from 'vitest';
import { groupLabel, keyLabel, namesFrom } from './keyLabel';

const names = namesFrom([
  { dimension: 'asn', key: '15169', name: 'Google LLC' },
  { dimension: 'interface', key: '192.0.2.1 7', name: 'edge1 xe-0/0/1' },
]);

describe('keyLabel', () => {
  it.each([
    ['asn', '15169', 'AS15169 Google LLC'],
    ['asn', '64500', 'AS64500'],
    ['asn', '0', 'No ASN known'],
    ['country', 'DE', 'Germany'],
    ['country', '', 'No country known'],
    ['country', 'ZZ', 'ZZ'],
    ['ip', '6', 'IPv6'],
    ['protocol', '6', 'tcp'],
    ['protocol', '254', 'protocol 254'],
    ['servicePort', '443', '443 https'],
    ['servicePort', '0', 'No service port'],
    ['servicePort', '7777', 'port 7777'],
    ['interface', '192.0.2.1 7', 'edge1 xe-0/0/1'],
    ['metro', '', 'No metro known'],
    ['region', 'US-West', 'US-West'],
  ] as const)('%s %s reads %s', (dimension, key, label) => {
    expect(keyLabel(dimension, key, names)).toBe(label);
  });

  it('joins the keys of a group; all others are Other', () => {
    expect(groupLabel(['region', 'asn'], ['US-West', '15169'], names)).toBe(
      'US-West \u00b7 AS15169 Google LLC',
    );
    expect(groupLabel(['region'], null, names)).toBe('Other');
  });
});
