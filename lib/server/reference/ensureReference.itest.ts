import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { ensureReference } from '@/lib/server/reference/ensureReference';
import { type MadeNetwork, makeNetwork, NETWORK_TEXT } from '@/lib/server/reference/testing/madeNetwork';

let engine: TestClickHouse;
let made: MadeNetwork;

beforeAll(async () => {
  [engine, made] = await Promise.all([startTestClickHouse(), makeNetwork()]);
  vi.stubEnv('WEIR_ASN_DIR', made.sources.asnDir);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await engine?.stop();
  await made?.remove();
});

test('a broken network file stops a first start, and is a warning once something is loaded', async () => {
  const warnings: string[] = [];
  const start = () => ensureReference(engine.target, made, { onWarning: (text) => warnings.push(text) });
  const changed = async () => (await start()).map(({ name, changed: isChanged }) => `${name} ${isChanged}`);

  await writeFile(made.networkFile, NETWORK_TEXT.replace('US-West', ''));
  await expect(start()).rejects.toThrow(/line 2: exporters\[0\]\.region/);

  await writeFile(made.networkFile, NETWORK_TEXT);
  expect(await changed()).toEqual(['network true', 'taxonomy true', 'asn true']);
  expect(await changed()).toEqual(['network false', 'taxonomy false', 'asn false']);

  await writeFile(made.networkFile, NETWORK_TEXT.replace('US-West', ''));
  expect(await changed()).toEqual(['taxonomy false', 'asn false']);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('what was loaded before stays in use');
});
