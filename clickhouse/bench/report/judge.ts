import type { BenchResult } from '../run';
import { type Bar, type BarName, LATENCY_BARS, OTHER_BARS } from './bars';
import { count, ms, percent, times } from './numbers';

/** Each bar against what was measured. Where a bar covers several questions, the worst of them counts. */
export function judge(result: BenchResult, smaller: BenchResult | null = null): Bar[] {
  return [
    ...latency(result),
    ...(smaller === null ? [] : [growth(result, smaller)]),
    ...peers(result),
    ...ingest(result),
    ...storage(result),
    ...uniques(result),
  ];
}

function latency(result: BenchResult): Bar[] {
  const one = result.select1.p50;
  return (Object.keys(LATENCY_BARS) as BarName[]).flatMap((name) => {
    const asked = result.panels.filter((panel) => panel.bar === name);
    const worst = asked.toSorted((a, b) => b.p95 - a.p95)[0];
    if (!worst) return [];
    const { label, ms: most, select1 } = LATENCY_BARS[name];
    const held = worst.p95 <= most && (select1 === null || worst.p95 <= select1 * one);
    return [
      {
        what: label,
        measured: `${ms(worst.p95)} ms, ${times(worst.p95 / one)} SELECT 1 (${worst.question}, ${worst.range})`,
        bar: `<= ${most} ms${select1 === null ? '' : ` and <= ${select1} x SELECT 1`}`,
        held,
      },
    ];
  });
}

function growth(result: BenchResult, smaller: BenchResult): Bar {
  const ratios = result.panels.flatMap((panel) => {
    const before = smaller.panels.find((p) => p.question === panel.question && p.range === panel.range);
    return panel.bar === null || before === undefined ? [] : [{ panel, ratio: panel.p95 / before.p95 }];
  });
  const worst = ratios.toSorted((a, b) => b.ratio - a.ratio)[0];
  return {
    what: `latency, ${count(smaller.flows)} -> ${count(result.flows)} flows`,
    measured: worst
      ? `${times(worst.ratio)} (${worst.panel.question}, ${worst.panel.range})`
      : 'nothing to compare',
    bar: `<= ${OTHER_BARS.growth} x`,
    held: worst !== undefined && worst.ratio <= OTHER_BARS.growth,
  };
}

function peers(result: BenchResult): Bar[] {
  // Top endpoints stand in raw only, so there the wide tool has to read that too.
  const against = (result.peers?.comparisons ?? []).filter(
    (c) => c.peer === 'wide' || c.question === 'top endpoints',
  );
  return against.map((c) => ({
    what: `${c.question}, against ${c.peer === 'wide' ? 'the wide rollup' : 'raw, as the wide rollup has no addresses'}`,
    measured:
      c.void === null ? `${times(c.faster)} faster, ${times(c.rowsFewer)} fewer rows` : 'VOID: sums differ',
    bar: `>= ${OTHER_BARS.peerFaster} x faster, >= ${OTHER_BARS.peerRowsFewer} x fewer rows`,
    held: c.void === null && c.faster >= OTHER_BARS.peerFaster && c.rowsFewer >= OTHER_BARS.peerRowsFewer,
  }));
}

function ingest(result: BenchResult): Bar[] {
  const all = result.ingest.find((i) => i.path === 'flows and every rollup');
  const wide = result.ingest.find((i) => i.path.startsWith('wide peer'));
  if (!all || !wide) return [];
  return [
    {
      what: 'ingest, flows and every rollup',
      measured: `${count(Math.round(all.perSecond))} flows/s`,
      bar: `>= ${count(OTHER_BARS.ingestRate)} flows/s`,
      held: all.perSecond >= OTHER_BARS.ingestRate,
    },
    {
      what: 'ingest, against the wide rollup',
      measured: times(all.perSecond / wide.perSecond),
      bar: `>= ${OTHER_BARS.ingestAgainstWide} x`,
      held: all.perSecond / wide.perSecond >= OTHER_BARS.ingestAgainstWide,
    },
  ];
}

function storage(result: BenchResult): Bar[] {
  const raw = result.storage.find(({ table }) => table === 'flows');
  if (!raw) return [];
  const rollups = result.storage.filter(({ table }) => table !== 'flows');
  const sum = (tables: typeof rollups) => tables.reduce((total, { bytes }) => total + bytes, 0) / raw.bytes;
  const years = sum(rollups.filter(({ kept }) => kept === 'years'));
  const all = sum(rollups);
  return [
    {
      what: 'raw flows on disk',
      measured: `${raw.bytesAFlow.toFixed(1)} bytes a flow`,
      bar: `<= ${OTHER_BARS.rawBytesAFlow} bytes a flow`,
      held: raw.bytesAFlow <= OTHER_BARS.rawBytesAFlow,
    },
    {
      what: 'rollups kept for years',
      measured: `${percent(years)} of raw`,
      bar: `<= ${percent(OTHER_BARS.yearsShareOfRaw)} of raw`,
      held: years <= OTHER_BARS.yearsShareOfRaw,
    },
    {
      what: 'all rollups together',
      measured: `${times(all)} raw`,
      bar: `<= ${times(OTHER_BARS.rollupsAgainstRaw)} raw`,
      held: all <= OTHER_BARS.rollupsAgainstRaw,
    },
  ];
}

function uniques(result: BenchResult): Bar[] {
  const judged = result.uniques.filter(({ small }) => !small);
  const worst = judged.toSorted((a, b) => Math.abs(b.error) - Math.abs(a.error))[0];
  if (!worst) return [];
  return [
    {
      what: 'error of distinct addresses, worst cell',
      measured: `${percent(Math.abs(worst.error))} of ${count(judged.length)} cells (${worst.region} x ${worst.type}, ${worst.range}: ${count(worst.exact)} addresses)`,
      bar: `<= ${percent(OTHER_BARS.uniquesError)}`,
      held: Math.abs(worst.error) <= OTHER_BARS.uniquesError,
    },
  ];
}
