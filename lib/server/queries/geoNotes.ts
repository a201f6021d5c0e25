import 'server-only';
import type { Note } from '@/lib/flows/contracts/envelope';
import type { Facts } from './facts';

/** What a reader of places must know while the table of places is not loaded. */
export function geoNotes({ geoVersion }: Facts): Note[] {
  return geoVersion > 0
    ? []
    : [
        {
          code: 'no_places',
          text: 'The table of places is still being loaded: what arrived so far has no country and no metro, and is given them afterwards.',
        },
      ];
}

/** Whether an answer is split by what the table of places says. */
export function hasPlaces(by: readonly string[]): boolean {
  return by.includes('country') || by.includes('metro');
}
