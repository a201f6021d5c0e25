import type { NetworkType } from '@/lib/flows/networkTypes';
import { uniform } from './noise';
import { REGION_SHARE, REGIONS, type Region } from './regions';
import type { ZoneClock } from './rhythm';

/** Who runs the timed jobs, and their part of them. */
export const BACKUP_SHARE: Partial<Record<NetworkType, number>> = {
  Hosting: 0.55,
  'ISP Regional': 0.25,
  Hyperscaler: 0.2,
};

const MIDNIGHT_BPS = 80e9;
const HOURLY_BPS = 14e9;
const DAY = 86_400;

/** Rises within five minutes, then fades. */
function surge(minutes: number, fade: number): number {
  return minutes < 0 || minutes > fade * 5 ? 0 : Math.min(1, (minutes + 1) / 6) * Math.exp(-minutes / fade);
}

/**
 * Timed backups of a region in bit/s over all types (ingress): cron starts them at local midnight (and, elsewhere set to UTC, at UTC
 * midnight), smaller ones on every full hour, the monthly full copy at midnight of the 1st.
 */
export function backupBps(seed: number, region: Region, clock: ZoneClock, seconds: number): number {
  const regionIndex = REGIONS.indexOf(region);
  const night = (now: number, part: number) => {
    const day = Math.floor(now / DAY);
    const first = new Date(day * DAY * 1000).getUTCDate() === 1;
    const vary = 0.8 + 0.4 * uniform(seed, 71, day, regionIndex);
    return part * vary * (first ? 2.1 : 1) * surge((now - day * DAY) / 60, first ? 55 : 24);
  };
  const nightly = MIDNIGHT_BPS * (night(clock.local(seconds), 0.7) + night(seconds, 0.3));
  const hour = Math.floor(seconds / 3600);
  const minute = (seconds - hour * 3600) / 60;
  const hourly = minute < 15 ? HOURLY_BPS * (0.8 + 0.4 * uniform(seed, 72, hour)) * surge(minute, 6) : 0;
  return (REGION_SHARE.Hosting[regionIndex] ?? 0) * (nightly + hourly);
}
