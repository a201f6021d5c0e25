import { channelsOf } from './denseAreas';
import type { Shape } from './shapes';

export type LineShape = Extract<Shape, { kind: 'line' }>;

/**
 * Colors the pixels of lines, back to front. A line that climbs and falls within a column of pixels fills it: there it is a bar from the least
 * to the greatest height that it reaches, or one for each of its dashes. A browser strokes thousands of steep segments in the time of a frame;
 * this takes about a third of it.
 * @param pixels red, green, blue and alpha of each pixel; what they show is painted over
 * @param width of the picture in device pixels, as `height`
 * @param scale device pixels per unit of the lines' points
 */
export function colorLines(
  lines: readonly LineShape[],
  pixels: Uint8ClampedArray,
  width: number,
  height: number,
  scale: number,
): void {
  const words = new Uint32Array(pixels.buffer);
  for (const line of lines) {
    const [red, green, blue] = channelsOf(line.stroke);
    const [solid] = new Uint32Array(Uint8Array.of(red, green, blue, 255).buffer);
    const half = (line.width * scale) / 2;
    let reach = half;
    const bar = (column: number, least: number, most: number): void => {
      const top = Math.max(0, least - reach);
      const bottom = Math.min(height, most + reach);
      for (let row = Math.floor(top); row < bottom; row += 1) {
        const word = row * width + column;
        const part = Math.min(bottom, row + 1) - Math.max(top, row);
        if (part === 1) {
          words[word] = solid as number;
          continue;
        }
        const i = word * 4;
        const under = ((pixels[i + 3] as number) / 255) * (1 - part);
        const kept = under / (part + under);
        pixels[i] = red + ((pixels[i] as number) - red) * kept;
        pixels[i + 1] = green + ((pixels[i + 1] as number) - green) * kept;
        pixels[i + 2] = blue + ((pixels[i + 2] as number) - blue) * kept;
        pixels[i + 3] = (part + under) * 255;
      }
    };
    const dash = line.dash ?? [Number.POSITIVE_INFINITY];
    let turns = 0;
    let left = (dash[0] as number) * scale;
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
        left = (dash[turns % dash.length] as number) * scale;
      }
      x += right;
      y += down;
    }
    if (turns % 2 === 0) bar(column, least, most);
  }
}
