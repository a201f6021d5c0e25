import type { MeasureText } from '@/lib/charts/map/namesSeries';

/** Measures the names of a map in a type: 11 pixels, as they are drawn. */
export function measureIn(font: string): MeasureText {
  const pen = document.createElement('canvas').getContext('2d');
  return (text, strong) => {
    // Where there is no canvas there is no map.
    if (!pen) return 7 * text.length;
    pen.font = `${strong ? 600 : 400} 11px ${font}`;
    return Math.ceil(pen.measureText(text).width) + 2;
  };
}
