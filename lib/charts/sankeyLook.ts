import { formatShare } from './format';
import { ground, type Theme } from './palette';
import type { SankeyLink, SankeyModel, SankeyNode } from './prepareSankey';
import type { Size } from './shapes';

/** Below this width labels stand on two lines, and those of the first column upon its links. */
const NARROW = 560;
/** Room for two lines of a label behind the last column of a narrow picture: "No country known", "9.81 Eb · 58.8 %". */
const NARROW_RIGHT = 112;
const NODE_WIDTH = 12;
const MOST_GAP = 14;
/** Rough width of a letter of a label. */
const LETTER = 6.2;
/** A gap that lets the labels of thin nodes stand, each on two lines. */
const TWO_LINES = 30;
/** Part of a picture's height that gaps may take. */
const MOST_GAPS = 0.4;
const MOST_NARROW_GAPS = 0.6;
const USUAL_HEIGHT = 520;
/** The names of the columns above the picture, and its own edges. */
const HEAD = 54;

/** How high a narrow picture must be, in pixels, for the labels of its longest column, on two lines each, to stand apart. */
export function narrowSankeyHeight(model: SankeyModel): number {
  return Math.max(USUAL_HEIGHT, ((mostNodes(model) - 1) * TWO_LINES) / MOST_NARROW_GAPS + HEAD);
}

function mostNodes(model: SankeyModel): number {
  return Math.max(1, ...model.columns.map(({ nodes }) => nodes.length));
}

/**
 * How a Sankey diagram is drawn at a size, as an ECharts series: nodes keep the model's order, labels of the outer columns stand outside where there is
 * room. Node names are the model's ids.
 */
export function sankeySeries(model: SankeyModel, theme: Theme, size: Size) {
  const ink = ground[theme];
  const narrow = size.width < NARROW;
  const last = model.columns.length - 1;
  const { left, right } = sankeyMargins(model, size.width);
  const between = (size.width - left - right - NODE_WIDTH) / Math.max(1, last);
  const most = mostNodes(model);
  const widest = narrow ? TWO_LINES : MOST_GAP;
  const share = narrow ? MOST_NARROW_GAPS : MOST_GAPS;
  const gap = most === 1 ? widest : Math.min(widest, (size.height * share) / (most - 1));
  const labelOf = (node: SankeyNode): string =>
    `{name|${plain(node.label)}}${narrow ? '\n' : '  '}{value|${figuresOf(node)}}`;
  const isOutside = (column: number) => (column === 0 && !narrow) || column === last;
  const roomOf = (column: number) =>
    !isOutside(column) ? between - NODE_WIDTH - 10 : (column === 0 ? left : right) - 8;
  return {
    id: 'sankey',
    type: 'sankey' as const,
    left,
    right,
    // Labels of two lines are higher than the thinnest node.
    top: narrow ? 14 : 6,
    bottom: narrow ? 16 : 8,
    nodeWidth: NODE_WIDTH,
    nodeGap: gap,
    layoutIterations: 0,
    draggable: false,
    // It would uncover the picture from a clip that cuts the labels.
    animation: false,
    nodeAlign: 'left' as const,
    emphasis: { focus: 'adjacency' as const, lineStyle: { opacity: theme === 'light' ? 0.62 : 0.7 } },
    blur: { lineStyle: { opacity: 0.08 }, itemStyle: { opacity: 0.35 }, label: { opacity: 0.45 } },
    labelLayout: { hideOverlap: true },
    data: model.columns.flatMap(({ nodes }, column) =>
      nodes.map((node) => ({
        id: node.id,
        name: node.id,
        depth: column,
        value: Number(node.value),
        itemStyle: { color: node.color[theme], borderWidth: 0 },
        label: {
          show: true,
          position: column === 0 && !narrow ? ('left' as const) : ('right' as const),
          formatter: labelOf(node),
          width: roomOf(column),
          overflow: 'truncate' as const,
          // Labels that stand upon links.
          textBorderColor: ink.page,
          textBorderWidth: isOutside(column) ? 0 : 3,
          color: ink.text,
          fontSize: 12,
          lineHeight: 15,
          rich: {
            name: { color: ink.text, fontSize: 12, lineHeight: 15, fontWeight: 500 as const },
            value: { color: ink.muted, fontSize: 12, lineHeight: 15 },
          },
        },
      })),
    ),
    links: model.links.map((link) => ({
      source: link.source.id,
      target: link.target.id,
      value: Number(link.value),
      lineStyle: {
        color: link.color[theme],
        opacity: theme === 'light' ? 0.32 : 0.38,
        curveness: 0.5,
      },
    })),
  };
}

/** Room for the labels of the outer columns, beside their nodes, in pixels: between them the picture stands. */
export function sankeyMargins(model: SankeyModel, width: number): { left: number; right: number } {
  if (width < NARROW) return { left: 0, right: NARROW_RIGHT };
  const usual = Math.min(210, Math.max(150, width * 0.18));
  const outer = [model.columns[0], model.columns.at(-1)].flatMap((column) => column?.nodes ?? []);
  const letters = Math.max(0, ...outer.map((node) => `${node.label}  ${figuresOf(node)}`.length));
  // A long name, as of an IPv6 network, would push its figures out of the picture.
  const margin = Math.max(usual, Math.min(letters * LETTER + 14, width / 4));
  return { left: margin, right: margin };
}

/** The name of a column, at its place over the diagram. */
export interface SankeyHead {
  readonly label: string;
  /** where it begins, or ends where it is aligned right, in pixels */
  readonly x: number;
  readonly align: 'left' | 'right';
}

/**
 * A heading stands where its column's names do: before the nodes of the first, behind those of the others. Where there is little room, those of the
 * outer columns begin and end with the picture, as "Remote address" is wider than the names below it.
 */
export function sankeyHeads(model: SankeyModel, width: number): SankeyHead[] {
  const narrow = width < NARROW;
  const { left, right } = sankeyMargins(model, width);
  const last = Math.max(1, model.columns.length - 1);
  return model.columns.map(({ label }, column): SankeyHead => {
    if (column === 0) return narrow ? { label, x: 0, align: 'left' } : { label, x: left - 5, align: 'right' };
    if (column === last && narrow) return { label, x: width, align: 'right' };
    const between = width - left - right - NODE_WIDTH;
    return { label, x: left + NODE_WIDTH + 5 + (between * column) / last, align: 'left' };
  });
}

/** The node or link that an item of the drawn series stands for. */
export function sankeyItem(
  model: SankeyModel,
  item: unknown,
): { kind: 'node'; node: SankeyNode } | { kind: 'link'; link: SankeyLink } | null {
  if (typeof item !== 'object' || item === null) return null;
  if ('source' in item && 'target' in item) {
    const link = model.links.find(
      ({ source, target }) => source.id === item.source && target.id === item.target,
    );
    return link ? { kind: 'link', link } : null;
  }
  const id = 'id' in item ? item.id : null;
  const node = model.columns.flatMap(({ nodes }) => nodes).find((one) => one.id === id);
  return node ? { kind: 'node', node } : null;
}

function figuresOf({ text, share }: SankeyNode): string {
  return `${text} \u00b7 ${formatShare(share)}`;
}

/** Rich text has marks of its own; a name must not speak them. */
function plain(label: string): string {
  return label.replace(/[{}|\n]/g, ' ');
}
