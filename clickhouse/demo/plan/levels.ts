import type { NetworkType } from '@/lib/flows/networkTypes';

/** First instant of the demo: 2025-07-01 00:00 UTC, in seconds since 1970. */
export const DEMO_START = Date.UTC(2025, 6, 1) / 1000;

type Monthly = readonly number[];

/**
 * Mean Gb/s sent (egress) per month from July 2025 to December 2026, summed over the regions, as planned so that the published
 * shares come out (README.md, "Published figures"): August 2025, the fourth quarter of 2025 and the first of 2026 are published,
 * the months between and after are ours.
 */
const EGRESS: Record<NetworkType, Monthly> = {
  //               Jul  Aug  Sep  Oct  Nov  Dec  Jan  Feb  Mar  Apr  May  Jun  Jul  Aug  Sep  Oct  Nov  Dec
  'ISP Regional': [242, 248, 250, 244, 240, 248, 328, 334, 342, 345, 348, 350, 352, 355, 358, 362, 368, 380],
  'ISP Tier1': [50, 53, 53, 46, 41, 39, 40, 41, 42, 44, 45, 45, 45, 46, 46, 47, 47, 48],
  CDN: [248, 255, 260, 216, 218, 246, 370, 388, 402, 424, 428, 432, 430, 438, 444, 452, 462, 484],
  Hosting: [130, 131, 138, 152, 156, 152, 100, 95, 90, 84, 82, 80, 82, 84, 86, 88, 90, 88],
  Hyperscaler: [28, 31, 68, 172, 234, 246, 152, 130, 116, 102, 96, 95, 100, 108, 118, 128, 136, 130],
  Neocloud: [164, 201, 223, 252, 224, 163, 166, 174, 184, 240, 268, 276, 290, 320, 346, 376, 348, 270],
  Migration: [3, 62, 74, 68, 8, 4, 4, 5, 5, 6, 6, 7, 16, 52, 66, 60, 10, 6],
  Unclassified: [34, 35, 35, 35, 35, 35, 36, 36, 36, 38, 39, 40, 40, 41, 42, 42, 43, 43],
};

/** Mean Gb/s received (ingress), before the backups that `backups.ts` adds. */
const INGRESS: Record<NetworkType, Monthly> = {
  'ISP Regional': [232, 238, 246, 252, 256, 266, 286, 294, 304, 320, 332, 334, 336, 326, 332, 340, 348, 360],
  'ISP Tier1': [36, 37, 38, 38, 39, 39, 38, 39, 39, 40, 40, 41, 41, 41, 42, 42, 43, 43],
  CDN: [16, 16, 17, 17, 17, 18, 22, 23, 24, 25, 25, 25, 26, 26, 27, 27, 28, 29],
  Hosting: [80, 82, 84, 86, 88, 88, 88, 90, 92, 93, 94, 94, 90, 91, 92, 93, 94, 94],
  Hyperscaler: [38, 40, 46, 58, 64, 64, 56, 52, 50, 48, 47, 47, 48, 50, 52, 54, 56, 56],
  Neocloud: [10, 12, 13, 15, 13, 10, 10, 10, 11, 14, 15.6, 16, 17, 19, 20, 22, 20, 16],
  Migration: [5, 96, 118, 108, 12, 6, 6, 8, 8, 9, 9, 10, 26, 84, 104, 96, 15, 9],
  Unclassified: [28, 28, 28, 29, 29, 29, 29, 30, 30, 31, 31, 32, 32, 33, 33, 34, 34, 34],
};

/** Beyond the table, a month is that of the year before, this much larger. */
const YEARLY_GROWTH = 1.18;

function monthLevel(table: Monthly, month: number): number {
  if (month < 0) return table[0] ?? 0;
  const value = table[month];
  return value !== undefined ? value : monthLevel(table, month - 12) * YEARLY_GROWTH;
}

/** Months since July 2025 of the middle of the month before the instant, and how far the instant is on the way to the next middle. */
function betweenMonths(seconds: number): { month: number; fraction: number } {
  const date = new Date(seconds * 1000);
  const start = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / 1000;
  const length = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / 1000 - start;
  const month = (date.getUTCFullYear() - 2025) * 12 + date.getUTCMonth() - 6;
  const position = (seconds - start) / length - 0.5;
  return position < 0 ? { month: month - 1, fraction: 1 + position } : { month, fraction: position };
}

/** Planned mean bit/s of a type and direction around an instant, over all regions; months flow into each other without steps. */
export function plannedLevel(type: NetworkType, direction: 'ingress' | 'egress', seconds: number): number {
  const table = (direction === 'egress' ? EGRESS : INGRESS)[type];
  const { month, fraction } = betweenMonths(seconds);
  // Migrations begin and end with the opening of their lines, not gradually: their own month counts.
  if (type === 'Migration') return monthLevel(table, fraction < 0.5 ? month : month + 1) * 1e9;
  return (monthLevel(table, month) * (1 - fraction) + monthLevel(table, month + 1) * fraction) * 1e9;
}
