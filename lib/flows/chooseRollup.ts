import { chooseAdditive } from './additiveParts';
import { answerable } from './answerable';
import { chooseHeavy, heavyTableFor } from './heavyParts';
import { countsAddresses } from './measures';
import { type Ask, type Choice, isKept } from './plan';
import { SLOT_SECONDS } from './presets';
import { chooseRaw, isAffordableRaw, RAW_RANGE_SECONDS } from './rawParts';
import { chooseUniques } from './uniqueParts';

export { MOST_RAW_RECORDS, RAW_RANGE_SECONDS } from './rawParts';

/**
 * The one chooser: which tables answer, over which exact range, in which buckets, and why. A rollup is taken only where it holds every
 * dimension and its slots meet the range's edges and the zone's buckets, so its answer equals that of raw flows. Of those that do, the
 * coarsest and narrowest answers as much of the range as it can, finer ones what is left at the edges.
 */
export function chooseRollup(ask: Ask): Choice {
  const { how, tables, why, change } = answerable(ask.measure, ask.dimensions);
  if (how === 'none') return { refusal: { code: 'not_answerable', why, change } };
  const heavy = heavyTableFor(ask);
  if (heavy !== null) return chooseHeavy(ask, heavy);
  if (tables.length === 0) return chooseRaw(ask, why);
  if (countsAddresses(ask.measure)) return chooseUniques(ask, tables);
  const isSum = ask.measure !== 'p95' && ask.measure !== 'p95Hourly';
  const short = ask.range.to - ask.range.from <= RAW_RANGE_SECONDS && isSum;
  const wantsMinutes = short && (ask.axis || !onEdges(ask));
  if (wantsMinutes && isAffordableRaw(ask) && isKept(ask, 'flows', ask.range.from - ask.lookback)) {
    return chooseRaw(ask, '');
  }
  return chooseAdditive(ask, tables, why);
}

function onEdges({ range }: Ask): boolean {
  return range.from % SLOT_SECONDS === 0 && range.to % SLOT_SECONDS === 0;
}
