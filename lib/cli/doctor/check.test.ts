import { describe, expect, it } from 'vitest';
import { clickhouseIsSupported, examine, fail, findingLines, nodeIsSupported, ok } from './check';

describe('doctor', () => {
  it.each([
    ['v20.19.0', true],
    ['v20.18.3', false],
    ['v21.7.0', false],
    ['v22.11.0', false],
    ['v22.12.0', true],
    ['v23.5.0', false],
    ['v24.0.0', true],
    ['v26.1.0', true],
  ])('knows whether Node %s is supported', (version, expected) => {
    expect(nodeIsSupported(version)).toBe(expected);
  });

  it.each([
    ['26.7.2.1', true],
    ['25.8.1', true],
    ['25.7.9', false],
    ['18.16.1', false],
  ])('knows whether ClickHouse %s is supported', (version, expected) => {
    expect(clickhouseIsSupported(version)).toBe(expected);
  });

  it('turns a thrown error into a failure with its fix', async () => {
    const found = await examine('PostgreSQL', 'Start it.', () => Promise.reject(new Error('no answer')));
    expect(found).toEqual([{ name: 'PostgreSQL', state: 'fail', text: 'no answer', fix: 'Start it.' }]);
  });

  it('prints every failure with its fix below it', () => {
    expect(
      findingLines([ok('Node', 'v20.20.2'), fail('Migrations', '2 pending', 'Run npm run migrate.')]),
    ).toEqual(['✓ Node        v20.20.2', '✗ Migrations  2 pending', '              → Run npm run migrate.']);
  });
});
