import { linearFromHex, type Rgb } from '../color';

/** Machado, Oliveira and Fernandes 2009, severity 1.0, upon linear sRGB; the first is plain sight. */
export const sights: Record<string, readonly [Rgb, Rgb, Rgb]> = {
  'plain sight': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** A color as it is seen. Linear channels, 0 to 1. */
export function seen(hex: string, rows: readonly [Rgb, Rgb, Rgb]): Rgb {
  const rgb = linearFromHex(hex);
  const row = (r: Rgb): number => Math.min(1, Math.max(0, r[0] * rgb[0] + r[1] * rgb[1] + r[2] * rgb[2]));
  return [row(rows[0]), row(rows[1]), row(rows[2])];
}
