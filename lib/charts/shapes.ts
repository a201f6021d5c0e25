import type { Point } from './areaShapes';

/**
 * What a canvas is asked to draw, as plain data: everything about looks is decided before, so that a picture can be tested
 * without one, and painted again at any size.
 */
export type Shape = (
  | {
      readonly kind: 'area';
      /** both from left to right, over the same x */
      readonly upper: readonly Point[];
      readonly lower: readonly Point[];
      readonly fill: string;
    }
  | {
      readonly kind: 'line';
      readonly points: readonly Point[];
      readonly stroke: string;
      readonly width: number;
      readonly dash?: readonly number[];
    }
  | {
      readonly kind: 'hatch';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly stroke: string;
    }
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly x: number;
      readonly y: number;
      readonly fill: string;
      readonly weight: 400 | 500;
      readonly align: 'left' | 'center' | 'right';
    }
) & {
  /** keys of the series that it belongs to; none = to the picture */
  readonly of?: readonly string[];
};

export interface Size {
  readonly width: number;
  readonly height: number;
}
