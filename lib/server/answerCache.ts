import 'server-only';
import { LRUCache } from 'lru-cache';
import type { Contract, Request } from '@/lib/flows/contracts/contract';
import type { Answer } from '@/lib/flows/contracts/envelope';
import type { TimeRange } from '@/lib/flows/presets';
import { compareRange, resolveRange } from '@/lib/flows/scope';
import { printScope } from '@/lib/flows/urlState';
import { reader } from './clickhouse/client';
import type { QueryContext } from './clickhouse/execute';
import { dataVersion } from './dataVersion';
import { type Facts, loadFacts } from './queries/facts';

interface Kept {
  version: string;
  answer: Answer<unknown>;
}

/** Characters of answers that are kept at once; one of them is two bytes. */
const MOST_CHARACTERS = 32_000_000;

/** An answer about what is complete stands until the data change; how long at most, should a change not show in the version. */
const SETTLED_MS = 10 * 60_000;

/** What is still arriving is drawn by how much of it has: for so long many viewers share one answer. */
const ARRIVING_MS = 5_000;

const kept = new LRUCache<string, Kept>({
  maxSize: MOST_CHARACTERS,
  sizeCalculation: ({ answer }) => JSON.stringify(answer).length,
});

/** Every answer is made anew: for tests. */
export function forgetAnswers(): void {
  kept.clear();
}

/**
 * Answers a repeated question from memory while nothing that it is about has changed: neither what is stored of its months, nor reference data,
 * retention, exporters or, where the range is not complete, the watermark. Meta says that it was kept and is otherwise that of now.
 *
 * @param readsBefore seconds before its range that the question is about too
 */
export async function answered<Options, Rows>(
  contract: Contract<Options, Rows>,
  request: Request<Options>,
  context: QueryContext,
  answer: (request: Request<Options>, context: QueryContext) => Promise<Answer<Rows>>,
  readsBefore = 0,
): Promise<Answer<Rows>> {
  const started = performance.now();
  const facts = await loadFacts();
  const range = resolveRange(request.scope, facts.now);
  const compared = compareRange(range, request.scope.compare, request.scope.zone);
  const wide = { from: range.from - readsBefore, to: range.to };
  const ranges = compared === null ? [wide] : [wide, compared];
  const key = keyOf(contract, request, range);
  const version = await versionOf(ranges, facts);
  const known = kept.get(key);
  if (known?.version === version) {
    const { rows, meta } = known.answer as Answer<Rows>;
    return {
      rows,
      meta: {
        ...meta,
        requestId: context.requestId,
        watermark: facts.watermark,
        elapsedMs: Math.round((performance.now() - started) * 10) / 10,
        kept: true,
      },
    };
  }
  const made = await answer(request, context);
  // What was stored while the answer was made may or may not be in it.
  if ((await versionOf(ranges, facts)) === version) {
    kept.set(key, { version, answer: made }, { ttl: isSettled(ranges, facts) ? SETTLED_MS : ARRIVING_MS });
  }
  return made;
}

function keyOf<Options, Rows>(
  contract: Contract<Options, Rows>,
  { scope, options }: Request<Options>,
  { from, to }: TimeRange,
): string {
  const { target } = reader();
  return JSON.stringify([target.url, target.database, contract.name, printScope(scope), from, to, options]);
}

async function versionOf(ranges: readonly TimeRange[], facts: Facts): Promise<string> {
  return JSON.stringify([
    await dataVersion(ranges),
    facts.taxonomyVersion,
    facts.geoVersion,
    facts.exporters.map(({ exporter, configured, expectedUntil, regions, firstSeen }) => [
      exporter,
      configured,
      expectedUntil,
      regions,
      firstSeen,
    ]),
    isSettled(ranges, facts) ? null : facts.watermark,
  ]);
}

/** Whether everything of the ranges has arrived, so that neither the clock nor the watermark says anything about them. */
function isSettled(ranges: readonly TimeRange[], { watermark }: Facts): boolean {
  return watermark !== null && ranges.every(({ to }) => to <= watermark);
}
