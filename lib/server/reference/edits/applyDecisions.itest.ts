import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import type { Targets } from '@/lib/server/env';
import { emptyTables, rowsOf } from '@/lib/server/ingest/testing/stored';
import { loadAsnTable } from '@/lib/server/reference/asn/loadAsnTable';
import { loadNetwork } from '@/lib/server/reference/network/loadNetwork';
import { loadTaxonomy } from '@/lib/server/reference/taxonomy/loadTaxonomy';
import { land, type MadeNetwork, makeNetwork } from '@/lib/server/reference/testing/madeNetwork';
import {
  addDecision,
  type Decision,
  listDecisions,
  noteDecision,
} from '@/lib/server/repos/classificationEdits';
import { openDatabase } from '@/lib/server/repos/database';
import type { PrismaClient } from '@/prisma/generated/client';
import { startTestDatabase, type TestDatabase } from '@/prisma/testing/testDatabase';
import { applyDecisions } from './applyDecisions';

let engine: TestClickHouse;
let postgres: TestDatabase;
let db: PrismaClient;
let made: MadeNetwork;
let targets: Targets;
const EVE = { personId: randomUUID(), email: 'eve@example.com' };

beforeAll(async () => {
  [engine, postgres, made] = await Promise.all([startTestClickHouse(), startTestDatabase(), makeNetwork()]);
  db = openDatabase(postgres.databaseUrl);
  targets = { clickhouse: engine.target, databaseUrl: postgres.databaseUrl };
  await loadNetwork(engine.target, made.networkFile);
  await loadAsnTable(engine.target, made.cache, made.sources.asnDir);
});
beforeEach(async () => {
  await db.classificationEdit.deleteMany();
  await engine.owner.command({ query: 'TRUNCATE TABLE classification_edits' });
  await loadNetwork(engine.target, made.networkFile);
  await loadTaxonomy(engine.target, made.sources.taxonomyDir);
  await emptyTables(engine.owner);
});
afterAll(async () => {
  await db?.$disconnect();
  await Promise.all([engine?.stop(), postgres?.stop(), made?.remove()]);
});

/** AS64502 (ISP Tier1) twice, on two days and over two interfaces; AS64503, which nobody knows, once. */
const FLOWS = [
  { src: '10.0.0.1', dst: '198.51.100.1', out_if: 1, day: '2026-09-14', bytes: 1000 },
  { src: '10.0.0.1', dst: '198.51.100.70', out_if: 5, day: '2026-09-15', bytes: 200 },
  { src: '10.0.0.1', dst: '198.18.0.9', out_if: 1, day: '2026-09-15', bytes: 30 },
];

const BASE: Decision = {
  subject: { kind: 'asn', asn: 64502 },
  networkType: 'Neocloud',
  validFrom: null,
  validTo: null,
  reason: 'their own words',
  history: 'rebuild',
};

async function decide(decision: Partial<Decision>): Promise<void> {
  await addDecision({ ...BASE, ...decision }, EVE, db);
  await applyDecisions(targets, db, { networkFile: made.networkFile, taxonomyDir: made.sources.taxonomyDir });
}

/** Bytes by type, of raw flows and of a rollup made from them: "day type bytes". */
async function stored(): Promise<string[]> {
  const of = (table: string, day: string) =>
    rowsOf<{ line: string }>(
      engine.owner,
      `SELECT concat(toString(toDate(${day})), ' ', network_type, ' ', toString(sum(t.bytes))) AS line FROM ${table} AS t GROUP BY toDate(${day}), network_type ORDER BY line`,
    );
  const flows = (await of('flows', 'ts_start')).map(({ line }) => line);
  expect((await of('traffic_1h', 'bucket')).map(({ line }) => line)).toEqual(flows);
  return flows;
}

test('history rebuilt: stored records of the effective days get the type, others keep theirs', async () => {
  await land(engine.owner, FLOWS, 1);
  await decide({ validFrom: '2026-09-15' });
  expect(await stored()).toEqual([
    '2026-09-14 ISP Tier1 1000',
    '2026-09-15 Neocloud 200',
    '2026-09-15 Unclassified 30',
  ]);
  const [decision] = await listDecisions(10, db);
  expect(decision).toMatchObject({ state: 'applied', daysChanged: 1, author: EVE.email, problem: '' });
  expect(decision?.taxonomyVersion).toBeGreaterThan(0);
});

test('history kept: only what arrives afterwards has the type', async () => {
  await land(engine.owner, FLOWS, 2);
  await decide({ history: 'keep' });
  await land(engine.owner, FLOWS.slice(0, 1), 3);
  expect(await stored()).toEqual([
    '2026-09-14 ISP Tier1 1000',
    '2026-09-14 Neocloud 1000',
    '2026-09-15 ISP Tier1 200',
    '2026-09-15 Unclassified 30',
  ]);
});

test('a prefix is stronger than its ASN, a link stronger than both; given back, the taxonomy holds again', async () => {
  await land(engine.owner, FLOWS, 4);
  await decide({});
  await decide({ subject: { kind: 'prefix', prefix: '198.51.100.64/26' }, networkType: 'CDN' });
  const prefixed = ['2026-09-14 Neocloud 1000', '2026-09-15 CDN 200', '2026-09-15 Unclassified 30'];
  expect(await stored()).toEqual(prefixed);
  const link = { kind: 'link', exporter: '192.0.2.1', interface: 5 } as const;
  await decide({ subject: link, networkType: 'Migration' });
  expect(await stored()).toEqual([
    '2026-09-14 Neocloud 1000',
    '2026-09-15 Migration 200',
    '2026-09-15 Unclassified 30',
  ]);
  await decide({ subject: link, networkType: null });
  expect(await stored()).toEqual(prefixed);
  await decide({ networkType: null });
  await decide({ subject: { kind: 'prefix', prefix: '198.51.100.64/26' }, networkType: null });
  expect(await stored()).toEqual([
    '2026-09-14 ISP Tier1 1000',
    '2026-09-15 ISP Tier1 200',
    '2026-09-15 Unclassified 30',
  ]);
});

test('loading the operators file again leaves decisions in force', async () => {
  await decide({ history: 'keep' });
  await loadNetwork(engine.target, made.networkFile);
  await loadTaxonomy(engine.target, made.sources.taxonomyDir);
  await land(engine.owner, FLOWS, 5);
  expect(await stored()).toContain('2026-09-14 Neocloud 1000');
});

test('an application that was cut short is done again, and once', async () => {
  await land(engine.owner, FLOWS, 6);
  await decide({});
  const [decision] = await listDecisions(1, db);
  const after = await stored();
  // As a process that was killed left it.
  await noteDecision(decision?.id ?? '', { state: 'applying', progress: 'loading network types' }, db);
  await applyDecisions(targets, db, { networkFile: made.networkFile, taxonomyDir: made.sources.taxonomyDir });
  expect(await stored()).toEqual(after);
  expect(await rowsOf(engine.owner, 'SELECT count() AS n FROM classification_edits FINAL')).toEqual([
    { n: 1 },
  ]);
});
