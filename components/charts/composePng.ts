import { ground, type Theme } from '@/lib/charts/palette';

export interface PictureRow {
  readonly color: string | null;
  readonly cells: readonly string[];
}

export interface PictureParts {
  readonly title: string;
  readonly subtitle: string;
  readonly source: string;
  /** drawn below the heading at this size in CSS pixels */
  readonly body: { readonly image: CanvasImageSource; readonly width: number; readonly height: number };
  /** a small table below the picture; the first row is its heading */
  readonly legend: readonly PictureRow[];
  /** room for the names in it, in CSS pixels */
  readonly nameWidth?: number;
  readonly theme: Theme;
  readonly font: string;
}

const SCALE = 2;
const PAD = 24;
const ROW = 20;

/** A picture that can stand alone in a report: title, unit and range above it, legend and source below it, at 2x. */
export function composePng(parts: PictureParts): Promise<Blob> {
  const { body, legend, font } = parts;
  const ink = ground[parts.theme];
  const legendHeight = legend.length > 0 ? legend.length * ROW + 12 : 0;
  const width = body.width + 2 * PAD;
  const height = PAD + 56 + body.height + 12 + legendHeight + 20 + PAD;
  const canvas = document.createElement('canvas');
  canvas.width = width * SCALE;
  canvas.height = height * SCALE;
  const pen = canvas.getContext('2d');
  if (!pen) return Promise.reject(new Error('This browser gives no canvas to draw the picture on'));
  pen.scale(SCALE, SCALE);
  pen.fillStyle = ink.surface;
  pen.fillRect(0, 0, width, height);
  pen.textBaseline = 'top';

  const write = (text: string, x: number, y: number, color: string, style: string): void => {
    pen.fillStyle = color;
    pen.font = `${style} ${font}`;
    pen.fillText(text, x, y);
  };
  write(parts.title, PAD, PAD, ink.text, '600 18px');
  write(parts.subtitle, PAD, PAD + 26, ink.muted, '13px');
  pen.drawImage(body.image, PAD, PAD + 56, body.width, body.height);

  let y = PAD + 56 + body.height + 12;
  const columns = Math.max(0, ...legend.map((row) => row.cells.length));
  const columnWidth = 96;
  for (const [r, row] of legend.entries()) {
    if (row.color) {
      pen.fillStyle = row.color;
      pen.fillRect(PAD, y + 2, 10, 10);
    }
    for (let c = 0; c < columns; c += 1) {
      const color = r === 0 ? ink.muted : ink.text;
      const text = row.cells[c] ?? '';
      pen.textAlign = c === 0 ? 'left' : 'right';
      write(text, c === 0 ? PAD + 18 : PAD + (parts.nameWidth ?? 130) + c * columnWidth, y, color, '13px');
    }
    pen.textAlign = 'left';
    y += ROW;
  }
  write(parts.source, PAD, height - PAD - 12, ink.muted, '12px');

  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('The browser could not encode the picture'))),
      'image/png',
    );
  });
}
