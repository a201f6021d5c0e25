/**
 * A line of values as the `d` of an SVG path, zero at the bottom and the greatest at the top; a value that is missing breaks it.
 * More points than pixels are drawn as the greatest of each pixel, so that no peak is lost.
 */
export function sparkline(values: readonly (number | null)[], width: number, height: number): string {
  const most = values.reduce<number>((max, value) => Math.max(max, value ?? 0), 0);
  if (most === 0) return values.some((value) => value !== null) ? `M0 ${height}H${width}` : '';
  const points = condensed(values, Math.max(2, Math.floor(width)));
  const step = points.length > 1 ? width / (points.length - 1) : 0;
  let isOpen = false;
  return points
    .map((value, i) => {
      if (value === null) {
        isOpen = false;
        return '';
      }
      const mark = isOpen ? 'L' : 'M';
      isOpen = true;
      return `${mark}${round(i * step)} ${round(height - (value / most) * height)}`;
    })
    .join('');
}

function condensed(values: readonly (number | null)[], most: number): (number | null)[] {
  if (values.length <= most) return [...values];
  return Array.from({ length: most }, (_, i) => {
    const part = values.slice(
      Math.floor((i * values.length) / most),
      Math.floor(((i + 1) * values.length) / most),
    );
    const known = part.filter((value) => value !== null);
    return known.length === 0 ? null : Math.max(...known);
  });
}

const round = (value: number): number => Math.round(value * 10) / 10;
