/** Color arithmetic for palettes and ramps. Hex strings are sRGB, `#rrggbb`; linear channels run from 0 to 1. */

export type Rgb = readonly [number, number, number];

/** Linear-light channels of an sRGB hex color. */
export function linearFromHex(hex: string): Rgb {
  const channel = (at: number): number => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

/** sRGB hex of linear-light channels; what lies outside the gamut is clipped. */
export function hexFromLinear(rgb: Rgb): string {
  const channel = (linear: number): string => {
    const clipped = Math.min(1, Math.max(0, linear));
    const value = clipped <= 0.0031308 ? clipped * 12.92 : 1.055 * clipped ** (1 / 2.4) - 0.055;
    return Math.round(value * 255)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(rgb[0])}${channel(rgb[1])}${channel(rgb[2])}`;
}

/** OKLab (Ottosson 2020) of linear sRGB. */
export function oklabFromLinear([r, g, b]: Rgb): Rgb {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** Linear sRGB of OKLab; may lie outside the gamut. */
export function linearFromOklab([lightness, a, b]: Rgb): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

/** sRGB hex of an OKLCH color: lightness 0 to 1, chroma, hue in degrees. */
export function hexFromOklch(lightness: number, chroma: number, hue: number): string {
  const angle = (hue * Math.PI) / 180;
  return hexFromLinear(linearFromOklab([lightness, chroma * Math.cos(angle), chroma * Math.sin(angle)]));
}

/** Euclidean distance of two colors in OKLab. */
export function distance(one: Rgb, other: Rgb): number {
  const a = oklabFromLinear(one);
  const b = oklabFromLinear(other);
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/** WCAG 2 contrast ratio of two sRGB hex colors, 1 to 21. */
export function contrast(one: string, other: string): number {
  const luminance = (hex: string): number => {
    const [r, g, b] = linearFromHex(hex);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const a = luminance(one);
  const b = luminance(other);
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** `part` of `over` laid upon `under`, mixed in OKLab so that the step looks even. */
export function mix(over: string, under: string, part: number): string {
  const a = oklabFromLinear(linearFromHex(over));
  const b = oklabFromLinear(linearFromHex(under));
  const at = (i: 0 | 1 | 2): number => a[i] * part + b[i] * (1 - part);
  return hexFromLinear(linearFromOklab([at(0), at(1), at(2)]));
}
