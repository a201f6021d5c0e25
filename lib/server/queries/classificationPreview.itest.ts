import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import type { ClassificationSubject, DraftDecision } from '@/lib/flows/classification';
import type { NetworkType } from '@/lib/flows/networkTypes';
import { closeReader } from '@/lib/server/clickhouse/client';
import { rowsOf } from '@/lib/server/ingest/testing/stored';
import { loadAsnTable } from '@/lib/server/reference/asn/loadAsnTable';
import { parseDay } from '@/lib/server/reference/day';
import { storeEdit } from '@/lib/server/reference/edits/classificationEdit';
import { loadNetwork } from '@/lib/server/reference/network/loadNetwork';
import { prefixOf } from '@/lib/server/reference/prefix';
import { enrichAgain } from '@/lib/server/reference/reenrich/enrichAgain';
import { reenrich } from '@/lib/server/reference/reenrich/reenrich';
import { reenrichDay } from '@/lib/server/reference/reenrich/reenrichDay';
import { loadTaxonomy } from '@/lib/server/reference/taxonomy/loadTaxonomy';
import { land, type MadeNetwork, makeNetwork } from '@/lib/server/reference/testing/madeNetwork';
import { previewDecision } from './classificationPreview';
import { testContext, useEngine } from './testing/useEngine';

/** What a preview says is held against what the decision then does. */
let engine: TestClickHouse;
let made: MadeNetwork;

beforeAll(async () => {
  [engine, made] = await Promise.all([startTestClickHouse(), makeNetwork()]);
  await useEngine(engine.target);
  await loadNetwork(engine.target, made.networkFile);
  await loadAsnTable(engine.target, made.cache, made.sources.asnDir);
  await loadTaxonomy(engine.target, made.sources.taxonomyDir);
  await land(engine.owner, FLOWS);
});
afterAll(async () => {
  await closeReader();
  await engine?.stop();
  await made?.remove();
});

// Two ASNs, IPv6, NAT64, both directions, a link that has a type of its own (interface 2), one of no type at all; four days.
const FLOWS = Array.from({ length: 96 }, (_, i) => {
  const remote = [
    `198.51.100.${i}`,
    `203.0.113.${i}`,
    `2001:db8:2000::${i + 1}`,
    `64:ff9b::c633:64${(i + 16).toString(16).padStart(2, '0')}`,
    '192.0.2.200',
  ][i % 5] as string;
  const local = remote.includes(':') ? '2001:db8:1::1' : '10.1.1.1';
  const link = 1 + (i % 3);
  return {
    day: `2026-09-${15 + (i % 4)}`,
    bytes: 1000 + i * i,
    ...(i % 2 === 0 ? { src: local, dst: remote, out_if: link } : { src: remote, dst: local, in_if: link }),
  };
});

const AS: ClassificationSubject = { kind: 'asn', asn: 64502 };

test.each<[string, ClassificationSubject, NetworkType, string | null, string | null]>([
  ['an ASN', AS, 'Hosting', null, null],
  ['an ASN for some days', { kind: 'asn', asn: 64501 }, 'Neocloud', '2026-09-16', '2026-09-17'],
  ['a prefix of IPv4', { kind: 'prefix', prefix: '198.51.100.0/25' }, 'CDN', '2026-09-16', null],
  ['a longer prefix inside of it', { kind: 'prefix', prefix: '198.51.100.32/27' }, 'Neocloud', null, null],
  ['the shorter one again', { kind: 'prefix', prefix: '198.51.100.0/24' }, 'Hyperscaler', null, null],
  ['a prefix of IPv6', { kind: 'prefix', prefix: '2001:db8:2000::/64' }, 'CDN', null, null],
  ['the ASN again, under prefixes', AS, 'ISP Regional', null, null],
  ['a link', { kind: 'link', exporter: '192.0.2.1', interface: 3 }, 'Migration', null, '2026-09-17'],
  ['nobody', { kind: 'asn', asn: 65000 }, 'CDN', null, null],
])('%s: what moves is what the preview said', async (_, subject, networkType, validFrom, validTo) => {
  const draft: DraftDecision = { subject, networkType, validFrom, validTo };
  const preview = await previewDecision(draft, testContext());
  const before = await typesOfRecords();
  await storeEdit(engine.owner, {
    id: randomUUID(),
    madeAtMs: Date.now(),
    author: 'eve@example.com',
    key:
      subject.kind === 'prefix'
        ? { prefix: prefixOf(subject.prefix) }
        : subject.kind === 'asn'
          ? { asn: subject.asn }
          : { exporter: subject.exporter, interface: subject.interface },
    networkType,
    from: parseDay(validFrom ?? '1970-01-01') ?? 0,
    to: parseDay(validTo ?? '2149-06-06') ?? 0,
    reason: 'test',
  });
  await loadNetwork(engine.target, made.networkFile);
  await loadTaxonomy(engine.target, made.sources.taxonomyDir);
  const days = await writeAnew();
  const after = await typesOfRecords();

  const moved = new Map<string, { bytes: bigint; flowRecords: bigint }>();
  for (const [port, now] of after) {
    const then = before.get(port);
    if (then === undefined || then.type === now.type) continue;
    const key = `${then.region} ${then.type} > ${now.type}`;
    const sum = moved.get(key) ?? { bytes: 0n, flowRecords: 0n };
    moved.set(key, { bytes: sum.bytes + BigInt(now.bytes), flowRecords: sum.flowRecords + 1n });
  }
  expect(
    new Map(
      preview.moves.map((move) => [
        `${move.region} ${move.from} > ${move.to}`,
        { bytes: BigInt(move.bytes), flowRecords: BigInt(move.flowRecords) },
      ]),
    ),
  ).toEqual(moved);
  expect(preview.days).toBe(days.length);
});

/** Stored records alone: that rollups follow is shown elsewhere, and takes longer. */
async function writeAnew(): Promise<number[]> {
  const { days } = await reenrich({ clickhouse: engine.target, databaseUrl: '' }, { dryRun: true });
  const again = await enrichAgain(engine.owner, engine.target);
  for (const day of days) await reenrichDay(engine.owner, engine.target, again, day);
  return days;
}

async function typesOfRecords(): Promise<Map<number, { region: string; type: string; bytes: string }>> {
  const rows = await rowsOf<{ port: number; region: string; type: string; bytes: string }>(
    engine.owner,
    'SELECT src_port AS port, region, network_type AS type, toString(bytes) AS bytes FROM flows',
  );
  return new Map(rows.map(({ port, ...row }) => [port, row]));
}
