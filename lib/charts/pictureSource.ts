import type { Meta } from '@/lib/flows/contracts/envelope';

/** What stands below a saved picture: who answered, by which taxonomy, and whether everything was there. */
export function pictureSource({
  table,
  taxonomyVersion,
  complete,
}: Pick<Meta, 'table' | 'taxonomyVersion' | 'complete'>): string {
  const state = complete ? 'complete' : 'partly provisional or not fully covered';
  return ['Weir', table, `taxonomy ${taxonomyVersion}`, state].join(' \u00b7 ');
}
