import { mapKeys } from '@/lib/charts/map/keys';
import { arcOpacity, LAND_TONES, landColor, mapInk } from '@/lib/charts/map/mapLook';
import type { MapModel } from '@/lib/charts/map/model';
import { arcWidth, greatestRadius, radiusOf } from '@/lib/charts/map/sizes';
import { ground, type Theme } from '@/lib/charts/palette';

const SIZE = { width: 640, height: 116 } as const;
/** Circles and arcs stand beside one another, shades below the arcs. */
const RIGHT = 296;
const MARK = 84;

/** The keys of a map on a canvas at 2x, for `composePng`: as the page has them, at the sizes of the wide picture. */
export function mapKeysPicture(
  model: MapModel,
  theme: Theme,
  font: string,
): { image: HTMLCanvasElement; width: number; height: number } | null {
  const { circles, arcs, shades } = mapKeys(model);
  const image = document.createElement('canvas');
  image.width = SIZE.width * 2;
  image.height = SIZE.height * 2;
  const pen = image.getContext('2d');
  if (!pen || !(circles || arcs || shades)) return null;
  pen.scale(2, 2);
  pen.textBaseline = 'middle';
  pen.font = `13px ${font}`;
  const ink = ground[theme];
  const write = (text: string, x: number, y: number, color: string, align: CanvasTextAlign = 'left') => {
    pen.fillStyle = color;
    pen.textAlign = align;
    pen.fillText(text, x, y);
  };

  if (circles) {
    write(circles.title, 0, 7, ink.muted);
    const greatest = greatestRadius(model.view, false);
    const ground = 26 + 2 * greatest;
    circles.of.forEach(({ text, radius }, i) => {
      const r = radiusOf(radius, greatest);
      const middle = i * MARK + MARK / 2 - 8;
      pen.strokeStyle = ink.muted;
      pen.beginPath();
      pen.arc(middle, ground - r, r, 0, 2 * Math.PI);
      pen.stroke();
      write(text, middle, ground + 14, ink.text, 'center');
    });
  }
  const shadesTop = arcs ? 70 : 0;
  if (arcs) {
    write(arcs.title, RIGHT, 7, ink.muted);
    arcs.of.forEach(({ text, weight }, i) => {
      const left = RIGHT + i * MARK;
      pen.globalAlpha = arcOpacity(weight);
      pen.fillStyle = mapInk(theme).arc;
      const width = arcWidth(weight, false);
      pen.fillRect(left, 28 - width / 2, MARK - 24, width);
      pen.globalAlpha = 1;
      write(text, left + (MARK - 24) / 2, 44, ink.text, 'center');
    });
  }
  if (shades) {
    write(shades.title, RIGHT, shadesTop + 7, ink.muted);
    write(shades.least, RIGHT, shadesTop + 30, ink.text);
    const left = RIGHT + pen.measureText(shades.least).width + 8;
    LAND_TONES.forEach((tone, i) => {
      pen.fillStyle = landColor(tone, theme);
      pen.fillRect(left + i * 24, shadesTop + 24, 24, 12);
    });
    write(shades.most, left + LAND_TONES.length * 24 + 8, shadesTop + 30, ink.text);
  }
  return { image, ...SIZE };
}
