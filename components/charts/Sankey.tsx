'use client';

import { useTheme } from 'next-themes';
import { type CSSProperties, useCallback, useState } from 'react';
import { formatShare } from '@/lib/charts/format';
import { picksOf, type SankeyModel, type SankeyPick } from '@/lib/charts/prepareSankey';
import { narrowSankeyHeight, sankeyHeads, sankeyItem, sankeySeries } from '@/lib/charts/sankeyLook';
import type { Size } from '@/lib/charts/shapes';
import { ChartTooltip, type TooltipRow } from './ChartTooltip';
import type { ChartTarget } from './EChart';
import { LazyEChart } from './LazyEChart';
import { useBoxSize } from './useBoxSize';

type Item = NonNullable<ReturnType<typeof sankeyItem>>;

/**
 * Flows between two or three groupings, as high as its labels need at its width. A click on a node chooses its key, a click on a link
 * both of its ends; `SankeyTable` does the same by keyboard.
 */
export function Sankey(props: {
  model: SankeyModel;
  label: string;
  /** one for a node, two for a link, to be taken together; Other cannot be chosen */
  onPick?: (picks: readonly SankeyPick[]) => void;
}) {
  const { model, onPick } = props;
  const { resolvedTheme } = useTheme();
  const theme = resolvedTheme === 'dark' ? 'dark' : 'light';
  const { box, size } = useBoxSize();
  const width = size?.width ?? 0;
  const [below, setBelow] = useState<{ item: Item; x: number; y: number } | null>(null);
  const option = useCallback(
    (size: Size) => ({ series: [sankeySeries(model, theme, size)] }),
    [model, theme],
  );
  const hover = (target: ChartTarget | null) => {
    const item = target && sankeyItem(model, target.data);
    setBelow(item ? { item, x: target.x, y: target.y } : null);
  };
  const click = (target: ChartTarget) => {
    const item = sankeyItem(model, target.data);
    if (!item) return;
    const nodes = item.kind === 'node' ? [item.node] : [item.link.source, item.link.target];
    const picks = picksOf(nodes);
    if (picks.length === 0) return;
    // What is pointed at will be another thing.
    setBelow(null);
    onPick?.(picks);
  };
  return (
    <div className="@container w-full">
      <div
        className="flex h-[520px] flex-col @max-[559px]:h-(--narrow-height)"
        style={{ '--narrow-height': `${narrowSankeyHeight(model)}px` } as CSSProperties}
      >
        <div aria-hidden="true" className="relative mb-1 h-5 text-axis text-muted">
          {(width > 0 ? sankeyHeads(model, width) : []).map(({ label, x, align }) => (
            <span
              key={label}
              className="absolute whitespace-nowrap"
              style={align === 'right' ? { right: width - x } : { left: x }}
            >
              {label}
            </span>
          ))}
        </div>
        <div ref={box} className="relative min-h-0 flex-1">
          <LazyEChart option={option} label={props.label} onHover={hover} onClick={click} />
          {below ? <ChartTooltip {...tooltipOf(model, below.item)} x={below.x} y={below.y} /> : null}
        </div>
      </div>
    </div>
  );
}

function tooltipOf(model: SankeyModel, item: Item): { title: string; rows: readonly TooltipRow[] } {
  if (item.kind === 'link') {
    const { source, target, value, text, share } = item.link;
    const part = (whole: bigint) => formatShare(Number(value) / Number(whole));
    return {
      title: `${source.label} \u2192 ${target.label}`,
      rows: [
        { label: 'This flow', color: null, value: text, share: formatShare(share), strong: true },
        { label: `of ${source.label}`, color: source.color, value: source.text, share: part(source.value) },
        { label: `of ${target.label}`, color: target.color, value: target.text, share: part(target.value) },
      ],
    };
  }
  const { node } = item;
  const into = model.links.filter(({ target }) => target.id === node.id);
  const out = model.links.filter(({ source }) => source.id === node.id);
  const links = out.length > 0 ? out : into;
  const shown = [...links].sort((a, b) => (a.value === b.value ? 0 : a.value > b.value ? -1 : 1)).slice(0, 8);
  const rest = links.length - shown.length;
  return {
    title: `${node.label} \u00b7 ${formatShare(node.share)} of all`,
    rows: [
      { label: 'Total', color: null, value: node.text, share: formatShare(1), strong: true },
      ...shown.map((link) => {
        const other = out.length > 0 ? link.target : link.source;
        return {
          label: other.label,
          color: other.color,
          value: link.text,
          share: formatShare(Number(link.value) / Number(node.value)),
        };
      }),
      ...(rest > 0 ? [{ label: `and ${rest} more`, color: null, value: '', share: '' }] : []),
    ],
  };
}
