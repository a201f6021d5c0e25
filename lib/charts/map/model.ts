import type { PlaceAddresses } from '@/lib/flows/contracts/trafficMap';
import type { Quantity } from '../format';
import type { ArcDirection, MapArc, MapRegion } from './arcs';
import type { MapView } from './projections';

export type MapMeasure = 'volume' | 'traffic' | 'uniqueness' | 'magnitude';

export interface Center {
  readonly latitude: number;
  readonly longitude: number;
}

export interface TypePart {
  readonly type: string;
  readonly value: number;
  readonly text: string;
  /** of its place, 0 to 1 */
  readonly share: number;
}

/** A part of everything in the scope, and how much of it this view has a circle for. */
export interface DrawnPart extends TypePart {
  readonly drawnText: string;
  /** bytes of it that are drawn, exact */
  readonly drawnBytes: string;
}

/** One place: a metro, or what is elsewhere in a country, or what nobody can place. */
export interface MapEntry {
  readonly key: string;
  /** alpha-2; '' = not known */
  readonly country: string;
  readonly metro: string;
  readonly label: string;
  /** where it is drawn in this view; null = it has no place there */
  readonly center: Center | null;
  /** null = this measure is not known here */
  readonly value: number | null;
  readonly text: string;
  /** of everything in the scope and step, 0 to 1; null for measures that do not add up */
  readonly share: number | null;
  /** bytes of the shown types and step, exact */
  readonly bytes: string;
  /** the same by type, in the order of the answer */
  readonly bytesByType: readonly string[];
  readonly addresses: PlaceAddresses | null;
  /** with the most bytes of those shown; null = none */
  readonly leadType: string | null;
  /** in stack order, without zeros */
  readonly parts: readonly TypePart[];
  /** of the circle, as a part of the greatest; its area follows the value */
  readonly radius: number;
}

export interface MapCountry {
  readonly code: string;
  readonly label: string;
  readonly value: number;
  readonly text: string;
  readonly share: number | null;
  /** 0 to 1 along the ramp, logarithmic */
  readonly tone: number;
}

export interface MapStep {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export interface MapModel {
  readonly view: MapView;
  readonly measure: MapMeasure;
  readonly quantity: Quantity;
  /** heaviest first: all places, also those without a point in this view */
  readonly entries: readonly MapEntry[];
  readonly countries: readonly MapCountry[];
  readonly regions: readonly MapRegion[];
  readonly arcs: readonly MapArc[];
  /** part of the bytes both ways that the arcs draw, 0 to 1; null where no arcs are drawn */
  readonly arcsShare: number | null;
  /** sizes of circles for the legend, greatest first */
  readonly sizes: readonly { readonly text: string; readonly radius: number }[];
  /** the same of arcs, in parts of the heaviest one's volume; empty where no arcs are drawn */
  readonly arcSizes: readonly { readonly text: string; readonly weight: number }[];
  /** of the whole scope, by type in stack order: what the legend says, hidden types included */
  readonly types: readonly DrawnPart[];
  /** of the shown types together: volume or rate, whatever circles show */
  readonly sums: Omit<DrawnPart, 'type'>;
  /** of all volume of the step, hidden types included: from places nobody knows, 0 to 1 */
  readonly unknownShare: number;
  readonly total: { readonly text: string; readonly bytes: string; readonly value: number | null };
  /** numbers that stand beside the picture, because it cannot show them */
  readonly beside: readonly {
    readonly label: string;
    readonly text: string;
    readonly share: number | null;
  }[];
  readonly steps: readonly MapStep[];
  /** the chosen step, or the whole range */
  readonly when: string;
  /** addresses cannot be split by step or type: what is shown is of the whole range and all types */
  readonly wholeOnly: boolean;
}

export interface MapOptions {
  readonly view: MapView;
  readonly measure: MapMeasure;
  readonly unit: 'bits' | 'bytes';
  /** index of a step; null = the whole range */
  readonly step: number | null;
  readonly hidden: ReadonlySet<string>;
  readonly arcs: ArcDirection;
  /** where a country is drawn; null where the map does not have it */
  readonly countryCenter: (code: string) => Center | null;
}
