import type { Contract } from '@/lib/flows/contracts/contract';
import { parseRequest } from '@/lib/flows/contracts/contract';
import type { Answer } from '@/lib/flows/contracts/envelope';
import { KEEPS_EVERYTHING, type Retention } from '@/lib/flows/tables';
import type { QueryContext } from '@/lib/server/clickhouse/execute';
import { compile, type Sql } from '@/lib/server/clickhouse/sql';
import type { Facts } from '../facts';

/**
 * What a question sends to ClickHouse, for tests that hold input and full statements side by side. Nothing runs: a test file puts these in the
 * place of `facts` and `execute`.
 */

export const at = (text: string) => Date.parse(text) / 1000;

const exporter = {
  exporter: '192.0.2.1',
  name: 'edge1',
  region: 'US-West',
  configured: true,
  retired: false,
  expectedUntil: null,
  regions: ['US-West'],
  firstSeen: at('2025-07-01T00:00:00Z'),
  lastSeen: at('2026-11-22T09:55:00Z'),
  lastReceived: at('2026-11-22T09:59:50Z'),
  daysSeen: 500,
  lagSeconds: 60,
};

const CLOSED = ['2026-07', '2026-08', '2026-09', '2026-10'].map((month) => at(`${month}-01T00:00:00Z`));

const facts: Omit<Facts, 'retention'> = {
  now: at('2026-11-22T10:00:00Z'),
  exporters: [exporter],
  expected: [exporter],
  onceExpected: [exporter],
  watermark: at('2026-11-22T09:55:00Z'),
  firstData: exporter.firstSeen,
  lastData: at('2026-11-22T10:00:00Z'),
  taxonomyVersion: 3,
  geoVersion: 1,
  lookback: 3_600,
  recordsPerSlot: 30,
  coverageDaysFrom: 0,
  closedMonths: {
    heavy_addresses_1mo: CLOSED,
    heavy_locals_1mo: CLOSED,
    heavy_pairs_1mo: CLOSED,
    heavy_prefixes_1mo: CLOSED,
  },
  closedQuarters: {
    heavy_addresses_1q: [],
    heavy_locals_1q: [],
    heavy_pairs_1q: [],
    heavy_prefixes_1q: [],
  },
};

let retention: Retention = KEEPS_EVERYTHING;

/** In the place of `facts`. */
export const factsModule = { loadFacts: async (): Promise<Facts> => ({ ...facts, retention }) };

let rawRecords: (from: number) => number = () => 0;

let sent: { query: string; parameters: Record<string, unknown> }[] = [];

/** In the place of `execute`. */
export const executeModule = {
  queryContext: () => ({}),
  execute: async (_: unknown, statement: Sql): Promise<unknown[]> => {
    const compiled = compile(statement);
    // Changes of types are asked for once a minute, for all questions.
    if (compiled.query.includes('FROM asn_types')) return [];
    sent.push(compiled);
    return answerTo(compiled.query, compiled.parameters);
  },
};

/** Two keys of each column that groups are made by. */
const KEYS: Record<string, readonly [string, string]> = {
  network_type: ['Hosting', 'CDN'],
  region: ['US-West', 'EU-Central'],
  country: ['US', 'DE'],
  remote_as: ['64500', '64501'],
  exporter: ['192.0.2.1', '192.0.2.2'],
  link_kind: ['transit', 'private'],
  service_port: ['443', '53'],
  remote_address: ['::ffff:192.0.2.7', '2001:db8:1:2::'],
};

/** Rows that a question goes on from: who is heaviest, and who sent when. Nothing else is answered. */
function answerTo(query: string, parameters: Record<string, unknown>): unknown[] {
  if (query.includes('] AS keys, found')) {
    const columns = [...query.matchAll(/toString\((\w+)\) AS k\d/g)].map(([, column = '']) => column);
    return [0, 1].map((i) => ({
      keys: columns.map((column) => KEYS[column]?.[i] ?? ''),
      found: 12,
      weight: String(9 - i),
    }));
  }
  if (query.startsWith('SELECT type, way AS direction, groupArray(start)'))
    return [{ type: 'Hosting', direction: '', starts: [], bytes: [] }];
  if (query.startsWith('SELECT sum(flow_records) AS records FROM totals_5m'))
    return [{ records: String(rawRecords(Number(parameters.p1))) }];
  const seen = { exporter: '192.0.2.1', region: 'US-West' };
  const step = (seconds: number) => {
    const { p1, p2 } = parameters;
    const count = Math.ceil((Number(p2) - Number(p1)) / seconds);
    return Array.from({ length: count }, (_, i) => Number(p1) + i * seconds);
  };
  if (query.includes('FROM coverage_5m')) return [{ ...seen, slots: step(300) }];
  const all = String((1n << 144n) - 1n);
  if (query.includes('FROM coverage_1d'))
    return [{ ...seen, days: step(86_400).map((day) => [day, all, all]) }];
  return [];
}

/**
 * The answer of a question, made of what is answered here.
 * @param kept first instants that tables keep; left out = for ever
 * @param records raw records of a range that begins at an instant; left out = none
 */
export async function answerOf<Options, Rows>(
  contract: Contract<Options, Rows>,
  answer: (request: never, context: QueryContext) => Promise<Answer<Rows>>,
  query: string,
  kept: Partial<Retention> = {},
  records: (from: number) => number = () => 0,
): Promise<Answer<Rows>> {
  const parsed = parseRequest(contract, new URLSearchParams(query));
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  const context = {
    question: contract.name,
    requestId: 'r',
    signal: new AbortController().signal,
    statements: [],
  };
  sent = [];
  retention = { ...KEEPS_EVERYTHING, ...kept };
  rawRecords = records;
  return answer(parsed.request as never, context);
}

/** The statements of a question, each with its values behind it. */
export async function statementsOf<Options, Rows>(
  ...asked: Parameters<typeof answerOf<Options, Rows>>
): Promise<string[]> {
  await answerOf(...asked);
  return sent.map(({ query: text, parameters }) => `${text}\n${JSON.stringify(parameters)}`);
}

/** The same without what tells who sent when, which every question asks alike. */
export async function ownStatementsOf<Options, Rows>(
  ...asked: Parameters<typeof statementsOf<Options, Rows>>
): Promise<string[]> {
  return (await statementsOf(...asked)).filter((statement) => !statement.includes('FROM coverage_'));
}
