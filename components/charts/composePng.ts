import { ground, type Theme } from '@/lib/charts/palette';
import type { Filters } from '@/lib/flows/filter/filter';
import { shortFilters } from '@/lib/flows/filter/shortFilters';

export interface PictureRow {
  readonly color: string | null;
  readonly cells: readonly string[];
}

export interface PictureParts {
  readonly title: string;
  readonly subtitle: string;
  /** what the scope is narrowed to, as the page around it is not there; told behind the subtitle */
  readonly filters: Filters;
  /** what must be known to read the picture, one line each; below the legend */
  readonly notes?: readonly string[];
  readonly source: string;
  /** drawn below the heading at this size in CSS pixels */
  readonly body: { readonly image: CanvasImageSource; readonly width: number; readonly height: number };
  /** a small table below the picture; the first row is its heading */
  readonly legend: readonly PictureRow[];
  /** room for the names in it, in CSS pixels */
  readonly nameWidth?: number;
  /** what else is needed to read the picture, to the right of that table; null = nothing */
  readonly beside?: PictureParts['body'] | null;
  readonly theme: Theme;
  readonly font: string;
}

const SCALE = 2;
const PAD = 24;
const ROW = 20;
/** Names and the first column beside them, where nobody says more. */
const NAMES = 130;
/** Holds "Last of 1 month" with a gap before it. */
const COLUMN = 108;
/** A narrow picture is widened, so that its words need not stand in a column. */
const LEAST_WIDTH = 560;

const TITLE = { style: '600 22px', line: 30 };
const SUBTITLE = { style: '14px', line: 20 };
const SMALL = { style: '12px', line: 17 };

/** A picture that can stand alone in a report: title, unit and range above it, legend, notes and source below it, at 2x. */
export function composePng(parts: PictureParts): Promise<Blob> {
  const { body, legend, font } = parts;
  const ink = ground[parts.theme];
  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d');
  if (!pen) return Promise.reject(new Error('This browser gives no canvas to draw the picture on'));
  const width = Math.max(LEAST_WIDTH, body.width) + 2 * PAD;
  const wrap = (text: string, style: string): string[] => {
    pen.font = `${style} ${font}`;
    return wrapped(text, width - 2 * PAD, (some) => pen.measureText(some).width);
  };
  const title = wrap(parts.title, TITLE.style);
  const only = shortFilters(parts.filters);
  const subtitle = wrap(only === '' ? parts.subtitle : `${parts.subtitle}${DOT}only ${only}`, SUBTITLE.style);
  const below = [...(parts.notes ?? []), parts.source].flatMap((text) => wrap(text, SMALL.style));

  const top = PAD + title.length * TITLE.line + subtitle.length * SUBTITLE.line + 12;
  const legendTop = top + body.height + 12;
  const legendHeight = Math.max(legend.length * ROW, parts.beside?.height ?? 0);
  const belowTop = legendTop + (legendHeight > 0 ? legendHeight + 12 : 0);
  const height = belowTop + below.length * SMALL.line + PAD;
  canvas.width = width * SCALE;
  canvas.height = height * SCALE;
  pen.scale(SCALE, SCALE);
  pen.fillStyle = ink.surface;
  pen.fillRect(0, 0, width, height);
  pen.textBaseline = 'top';

  const write = (text: string, x: number, y: number, color: string, style: string): void => {
    pen.fillStyle = color;
    pen.font = `${style} ${font}`;
    pen.fillText(text, x, y);
  };
  title.forEach((line, i) => {
    write(line, PAD, PAD + i * TITLE.line, ink.text, TITLE.style);
  });
  subtitle.forEach((line, i) => {
    write(line, PAD, PAD + title.length * TITLE.line + i * SUBTITLE.line, ink.muted, SUBTITLE.style);
  });
  pen.drawImage(body.image, PAD, top, body.width, body.height);

  const columns = Math.max(0, ...legend.map((row) => row.cells.length));
  for (const [r, row] of legend.entries()) {
    const y = legendTop + r * ROW;
    if (row.color) {
      pen.fillStyle = row.color;
      pen.fillRect(PAD, y + 2, 10, 10);
    }
    for (let c = 0; c < columns; c += 1) {
      const color = r === 0 ? ink.muted : ink.text;
      const text = row.cells[c] ?? '';
      pen.textAlign = c === 0 ? 'left' : 'right';
      write(text, c === 0 ? PAD + 18 : PAD + (parts.nameWidth ?? NAMES) + c * COLUMN, y, color, '13px');
    }
    pen.textAlign = 'left';
  }
  if (parts.beside) {
    const left = PAD + (parts.nameWidth ?? NAMES) + (columns - 1) * COLUMN + 2 * PAD;
    pen.drawImage(parts.beside.image, left, legendTop, parts.beside.width, parts.beside.height);
  }
  below.forEach((line, i) => {
    write(line, PAD, belowTop + i * SMALL.line, ink.muted, SMALL.style);
  });

  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('The browser could not encode the picture'))),
      'image/png',
    );
  });
}

/** Between the parts of the line below a title: where it is broken first. */
const DOT = ' \u00b7 ';

/** Text in lines that are no wider than the room: broken at a dot, or within a part that is too long; a word that is wider alone stays whole. */
export function wrapped(text: string, room: number, widthOf: (text: string) => number): string[] {
  const parts = fitted(text.split(DOT), DOT, room, widthOf);
  return parts.flatMap((part) =>
    widthOf(part) > room ? fitted(part.split(' '), ' ', room, widthOf) : [part],
  );
}

function fitted(
  parts: readonly string[],
  between: string,
  room: number,
  widthOf: (text: string) => number,
): string[] {
  const lines: string[] = [];
  let line = '';
  for (const part of parts) {
    const longer = line === '' ? part : `${line}${between}${part}`;
    if (line !== '' && widthOf(longer) > room) {
      lines.push(line);
      line = part;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}
