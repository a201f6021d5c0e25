import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../shared/data', import.meta.url));

/**
 * Folder of real captures with known totals that stands beside a checkout of the project, or null.
 * The captures are not part of the repository; tests that need them are skipped without them and say so.
 */
export const sharedData: string | null = existsSync(folder) ? folder : null;

/** Title of a suite that needs the captures; carries the reason when it is skipped. */
export function needsSharedData(title: string): string {
  return sharedData === null ? `${title} (skipped: no captures at ../shared/data)` : title;
}
