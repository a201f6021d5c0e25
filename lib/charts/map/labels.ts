import { type Box, cuts, type Dot, type Line, meet, nearest, overlap, touches } from './shapes';

/** What wants a name. */
export interface Named extends Dot {
  readonly key: string;
  readonly text: string;
  /** of the text, in pixels */
  readonly width: number;
}

/** Where a name stands: left edge and middle of its line, and what leads to it where it stands apart. */
export interface Label {
  readonly key: string;
  readonly text: string;
  readonly isRegion: boolean;
  readonly x: number;
  readonly y: number;
  readonly box: Box;
  readonly leader: Line | null;
}

export interface LabelRequest {
  readonly size: { readonly width: number; readonly height: number };
  /** metros, heaviest first */
  readonly places: readonly Named[];
  /** our own, which are always named, as far as they are in sight */
  readonly regions: readonly Named[];
  /** whatever else is drawn that no name may cover */
  readonly dots: readonly Dot[];
  /** parts of the picture that something else lies upon */
  readonly taken: readonly Box[];
  /** no more places than this are named */
  readonly most: number;
}

/** Of a line of small type with its halo, in pixels. */
export const LABEL_HEIGHT = 14;
/** Between a mark and its name. */
const GAP = 3;
/** Between a name and whatever else there is. */
const CLEAR = 1.5;
/** The heaviest places choose before our regions do; where nothing is free beside one, its name may after them stand further off. */
const FIRST = 4;
/** How far off such a name may stand, from the nearest on. */
const REACH = [9, 14, 20, 28, 38, 50, 64, 80, 100, 124, 152, 184];
/** A longer line to the name of a place would say less than its circle does when pointed at; our regions are always named. */
const PLACE_REACH = 40;
const DIRECTIONS = 24;
/** A line across a circle is as bad as so many pixels of length. */
const CROSSING = 9;
/** A line across the mark of a region seems to lead to that one. */
const CONFUSING = 60;

/**
 * Where names stand so that none covers a circle, a region's mark, another name or the line to one. Places get one of eight spots around
 * their circle, the heaviest first, and no name where none is free. Regions and the heaviest places get the nearest free spot, with a line to
 * it where it is not beside them.
 */
export function placeLabels(request: LabelRequest): Label[] {
  const { size, places, regions, taken, most } = request;
  const seen = (dot: Dot) => isWithin(dot, size);
  const dots = [...request.dots, ...places, ...regions].filter(({ x, y }) => Number.isFinite(x + y));
  const labels: Label[] = [];
  const isFree = (box: Box) =>
    box.left >= 1 &&
    box.top >= 1 &&
    box.right <= size.width - 1 &&
    box.bottom <= size.height - 1 &&
    !taken.some((other) => overlap(box, other)) &&
    !dots.some((dot) => touches(box, dot, CLEAR)) &&
    !labels.some((label) => overlap(box, label.box, CLEAR) || (label.leader && cuts(label.leader, box)));
  const put = (named: Named, box: Box, isRegion: boolean, leader: Line | null) =>
    labels.push({
      key: named.key,
      text: named.text,
      isRegion,
      x: box.left,
      y: (box.top + box.bottom) / 2,
      box,
      leader,
    });
  const putBeside = (named: Named, isRegion: boolean): boolean => {
    const box = spotsAround(named).find(isFree);
    if (box) put(named, box, isRegion, null);
    return box !== undefined;
  };
  const putFarther = (named: Named, isRegion: boolean): boolean => {
    const far = bestSpot(named, {
      most: isRegion ? Number.POSITIVE_INFINITY : PLACE_REACH,
      isFree,
      dots,
      marks: regions.filter((mark) => mark !== named),
      labels,
    });
    if (far) put(named, far.box, isRegion, far.leader);
    return far !== null;
  };

  const candidates = places.filter(seen);
  const first = Math.min(FIRST, most);
  const crowded = candidates.slice(0, first).filter((place) => !putBeside(place, false));
  for (const region of regions.filter(seen)) if (!putBeside(region, true)) putFarther(region, true);
  const unnamed = crowded.filter((place) => !putFarther(place, false));
  let left = most - Math.min(first, candidates.length) + unnamed.length;
  for (const place of candidates.slice(first)) {
    if (left <= 0) break;
    if (putBeside(place, false)) left -= 1;
  }
  return labels;
}

function isWithin({ x, y }: Dot, { width, height }: LabelRequest['size']): boolean {
  return x >= 0 && y >= 0 && x <= width && y <= height;
}

/** Boxes beside a mark, in the order in which they are read best: right, left, above, below, then the corners. */
function spotsAround({ x, y, radius, width }: Named): Box[] {
  const half = LABEL_HEIGHT / 2;
  const away = radius + GAP;
  // Where the corner of a box would touch the circle.
  const slant = (radius + GAP) * Math.SQRT1_2;
  const at = (left: number, middle: number): Box => ({
    left,
    top: middle - half,
    right: left + width,
    bottom: middle + half,
  });
  return [
    at(x + away, y),
    at(x - away - width, y),
    at(x - width / 2, y - away - half),
    at(x - width / 2, y + away + half),
    at(x + slant, y - slant - half + 2),
    at(x + slant, y + slant + half - 2),
    at(x - slant - width, y - slant - half + 2),
    at(x - slant - width, y + slant + half - 2),
  ];
}

/** The free box whose line is shortest and crosses least; no line is longer than `most`, nor runs across another region's mark if it need not. */
function bestSpot(
  named: Named,
  room: {
    most: number;
    isFree: (box: Box) => boolean;
    dots: readonly Dot[];
    marks: readonly Dot[];
    labels: readonly Label[];
  },
): { box: Box; leader: Line } | null {
  const { most, isFree, dots, marks, labels } = room;
  let best: { box: Box; leader: Line; cost: number } | null = null;
  const half = LABEL_HEIGHT / 2;
  for (const reach of REACH) {
    if (reach > most || (best && best.cost <= reach)) break;
    for (let d = 0; d < DIRECTIONS; d += 1) {
      const turn = (2 * Math.PI * d) / DIRECTIONS;
      const [dx, dy] = [Math.cos(turn), Math.sin(turn)];
      const [tipX, tipY] = [named.x + dx * (named.radius + reach), named.y + dy * (named.radius + reach)];
      // The line ends at the side of the box that it comes to.
      const flat = Math.abs(dy) > 0.94;
      const left = flat ? tipX - named.width / 2 : dx > 0 ? tipX + 2 : tipX - 2 - named.width;
      const middle = flat ? tipY + Math.sign(dy) * half : tipY;
      const box = { left, top: middle - half, right: left + named.width, bottom: middle + half };
      if (!isFree(box)) continue;
      const leader: Line = {
        from: [named.x + dx * named.radius, named.y + dy * named.radius],
        to: [tipX, tipY],
      };
      if (labels.some((label) => cuts(leader, label.box) || (label.leader && meet(leader, label.leader))))
        continue;
      const crossed = dots.filter((dot) => dot !== named && nearest(leader, dot) < dot.radius).length;
      const confused = marks.filter((mark) => nearest(leader, mark) < mark.radius).length;
      const cost = reach + CROSSING * crossed + CONFUSING * confused;
      if (cost - CROSSING * crossed > most) continue;
      if (!best || cost < best.cost) best = { box, leader, cost };
    }
  }
  return best;
}
