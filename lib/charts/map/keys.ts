import type { MapMeasure, MapModel } from './model';

/** What sizes and shades of the picture mean, each null where the picture has none of it. */
export interface MapKeys {
  readonly circles: { readonly title: string; readonly of: MapModel['sizes'] } | null;
  readonly arcs: { readonly title: string; readonly of: MapModel['arcSizes'] } | null;
  readonly shades: { readonly title: string; readonly least: string; readonly most: string } | null;
}

const WORDS: Record<MapMeasure, string> = {
  volume: 'volume',
  traffic: 'rate',
  uniqueness: 'addresses',
  magnitude: 'bits per address',
};

/** The keys of a map, in words: the page and the file say the same. */
export function mapKeys(model: MapModel): MapKeys {
  const words = WORDS[model.measure];
  const [most] = model.countries;
  const least = model.countries.at(-1);
  return {
    circles:
      model.sizes.length === 0
        ? null
        : {
            title: `Area of a circle: ${words}`,
            of: model.sizes.map((size) => ({ ...size, text: short(size.text) })),
          },
    // Whatever circles show, arcs are volume: what is between two places has no addresses of its own.
    arcs:
      model.arcSizes.length === 0
        ? null
        : { title: 'Width of an arc: volume of the whole range', of: model.arcSizes },
    shades:
      model.view !== 'world' || !most || !least
        ? null
        : {
            title: `Shade of a country: ${words} of all of it, log`,
            least: short(least.text),
            most: short(most.text),
          },
  };
}

/** The title names the measure; its unit need not be spelled out beside each value. */
function short(text: string): string {
  return text.replace('/address', '');
}
