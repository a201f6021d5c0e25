import { channelsOf } from './denseAreas';
import type { Shape } from './shapes';

export type LineShape = Extract<Shape, { kind: 'line' }>;

/**
 * Colors the pixels of lines, back to front. A line that climbs and falls within a column of pixels fills it: there it is a bar from the least
 * to the greatest height that it reaches, or one for each of its dashes. A browser strokes thousands of steep segments in the time of a frame;
 * this takes a fifth of it.
 * @param width of the picture in device pixels, as `height`
 * @param scale device pixels per unit of the lines' points
 * @returns red, green, blue and alpha of each pixel
 */
export function pixelsOfLines(
  lines: readonly LineShape[],
  width: number,
  height: number,
  scale: number,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(width * height * 4);
  const words = new Uint32Array(pixels.buffer);
  for (const line of lines) {
    const { red, green, blue } = channelsOf(line.stroke);
    const half = (line.width * scale) / 2;
    let reach = half;
    const [solid = 0] = new Uint32Array(Uint8Array.of(red, green, blue, 255).buffer);
    const cover = (column: number, row: number, part: number): void => {
      const i = (row * width + column) * 4;
      const under = ((pixels[i + 3] as number) / 255) * (1 - part);
      const kept = under / (part + under);
      pixels[i] = red + ((pixels[i] as number) - red) * kept;
      pixels[i + 1] = green + ((pixels[i + 1] as number) - green) * kept;
      pixels[i + 2] = blue + ((pixels[i + 2] as number) - blue) * kept;
      pixels[i + 3] = (part + under) * 255;
    };
    const bar = (column: number, least: number, most: number): void => {
      const top = Math.max(0, least - reach);
      const bottom = Math.min(height, most + reach);
      if (top >= bottom) return;
      const first = Math.ceil(top);
      const end = Math.floor(bottom);
      if (first > end) {
        cover(column, end, bottom - top);
        return;
      }
      if (first > top) cover(column, first - 1, first - top);
      if (bottom > end) cover(column, end, bottom - end);
      for (let row = first; row < end; row += 1) words[row * width + column] = solid;
    };
    const dash = line.dash?.map((length) => length * scale) ?? [];
    let turns = 0;
    let left = dash[0] ?? Number.POSITIVE_INFINITY;
    let [x, y] = line.points[0] ?? [0, 0];
    x *= scale;
    y *= scale;
    let column = Math.floor(x);
    let least = y;
    let most = y;
    for (const point of line.points) {
      const right = point[0] * scale - x;
      const down = point[1] * scale - y;
      const length = Math.sqrt(right * right + down * down);
      // A dash ends square to its direction, a join is round.
      if (line.dash && length > 0) reach = (half * right) / length;
      // From column to column and from dash to gap.
      for (let done = 0; done < length; ) {
        const edge = right > 0 ? ((column + 1 - x) / right) * length : Number.POSITIVE_INFINITY;
        const turn = done + left;
        const end = Math.min(length, edge, turn);
        const here = y + (down * end) / length;
        least = Math.min(least, here);
        most = Math.max(most, here);
        left -= end - done;
        done = end;
        if (end === length && end < turn) break;
        if (turns % 2 === 0) bar(column, least, most);
        least = here;
        most = here;
        if (end === edge) column += 1;
        if (end < turn) continue;
        turns += 1;
        left = dash[turns % dash.length] ?? left;
      }
      x += right;
      y += down;
    }
    if (turns % 2 === 0) bar(column, least, most);
  }
  return pixels;
}
