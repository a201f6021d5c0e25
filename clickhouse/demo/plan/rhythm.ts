import type { NetworkType } from '@/lib/flows/networkTypes';
import { offsetAt } from '@/lib/flows/timeZone';

/** Load at each full hour of a local day, relative to the highest. */
interface DayShape {
  workday: readonly number[];
  weekend: readonly number[];
}

// Homes: trough before dawn at about half of the evening peak (nine to ten), weekend afternoons fuller.
const CONSUMER: DayShape = {
  workday: [
    0.8, 0.66, 0.55, 0.49, 0.46, 0.46, 0.49, 0.54, 0.59, 0.62, 0.64, 0.66, 0.68, 0.69, 0.7, 0.72, 0.76, 0.81,
    0.86, 0.92, 0.97, 1.0, 0.98, 0.91,
  ],
  weekend: [
    0.85, 0.73, 0.61, 0.53, 0.48, 0.46, 0.48, 0.53, 0.6, 0.67, 0.72, 0.75, 0.77, 0.78, 0.79, 0.81, 0.84, 0.88,
    0.92, 0.96, 1.0, 1.02, 0.99, 0.92,
  ],
};
// Clouds and hosting: business hours with a dip at lunch, a quiet weekend that still runs its jobs.
const BUSINESS: DayShape = {
  workday: [
    0.6, 0.57, 0.55, 0.54, 0.54, 0.56, 0.61, 0.69, 0.8, 0.91, 0.97, 0.98, 0.95, 0.97, 1.0, 0.99, 0.96, 0.9,
    0.83, 0.77, 0.73, 0.7, 0.67, 0.63,
  ],
  weekend: [
    0.58, 0.55, 0.53, 0.52, 0.52, 0.53, 0.55, 0.58, 0.62, 0.66, 0.69, 0.7, 0.7, 0.71, 0.71, 0.71, 0.7, 0.69,
    0.68, 0.68, 0.67, 0.66, 0.64, 0.61,
  ],
};
// Bulk copies over private lines run when lines are free: nights fuller, weekends as workdays.
const BULK: DayShape = {
  workday: [
    0.98, 1.0, 1.0, 0.99, 0.97, 0.93, 0.88, 0.82, 0.77, 0.73, 0.71, 0.7, 0.71, 0.7, 0.7, 0.71, 0.73, 0.76,
    0.8, 0.84, 0.88, 0.92, 0.95, 0.97,
  ],
  weekend: [
    0.98, 1.0, 1.0, 1.0, 0.99, 0.97, 0.95, 0.93, 0.92, 0.91, 0.9, 0.9, 0.9, 0.9, 0.9, 0.91, 0.92, 0.93, 0.94,
    0.95, 0.96, 0.97, 0.97, 0.98,
  ],
};

function mapped(shape: DayShape, of: (value: number, hour: number, day: keyof DayShape) => number): DayShape {
  return {
    workday: shape.workday.map((value, hour) => of(value, hour, 'workday')),
    weekend: shape.weekend.map((value, hour) => of(value, hour, 'weekend')),
  };
}

const blend = (a: DayShape, b: DayShape, weight: number): DayShape =>
  mapped(a, (value, hour, day) => value * (1 - weight) + (b[day][hour] ?? value) * weight);

/** Above 1: higher peaks, deeper troughs. */
const contrast = (shape: DayShape, power: number): DayShape => mapped(shape, (value) => value ** power);

const SHAPE: Record<NetworkType, DayShape> = {
  'ISP Regional': contrast(CONSUMER, 1.3),
  'ISP Tier1': blend(CONSUMER, BUSINESS, 0.45),
  CDN: contrast(CONSUMER, 1.5),
  Hosting: contrast(BUSINESS, 0.8),
  Hyperscaler: BUSINESS,
  Neocloud: BUSINESS,
  Migration: BULK,
  Unclassified: blend(CONSUMER, BUSINESS, 0.7),
};

/** 168 hourly values from Monday 00:00 with mean 1, so that the rhythm changes no monthly level. */
function weekOf(shape: DayShape): readonly number[] {
  const hours = Array.from({ length: 168 }, (_, hour) => {
    const values = hour < 120 ? shape.workday : shape.weekend;
    const value = values[hour % 24] ?? 0;
    // Friday and Saturday evenings go out; Sunday evening stays in.
    const evening = hour % 24 >= 18;
    const day = Math.floor(hour / 24);
    return evening && (day === 4 || day === 5) ? value * 0.975 : evening && day === 6 ? value * 1.02 : value;
  });
  const mean = hours.reduce((sum, value) => sum + value, 0) / hours.length;
  return hours.map((value) => value / mean);
}

const OFFICE_TYPES: ReadonlySet<NetworkType> = new Set(['Hosting', 'Hyperscaler', 'Neocloud']);

/** A clock of one zone; offsets are asked once an hour, as asking is slow and changes fall on the hour. */
export class ZoneClock {
  private hour = -1;
  private offset = 0;
  private readonly offsets = new Map<number, number>();
  constructor(readonly zone: string) {}

  /** Local seconds since 1970, as if the local clock were UTC. */
  local(seconds: number): number {
    const hour = Math.floor(seconds / 3600);
    if (hour !== this.hour) {
      const known = this.offsets.get(hour);
      this.offset = known ?? offsetAt(hour * 3600, this.zone);
      if (known === undefined) this.offsets.set(hour, this.offset);
      this.hour = hour;
    }
    return seconds + this.offset;
  }
}

/** The day's load relative to an ordinary one: offices rest between the years, homes watch more. */
function holiday(type: NetworkType, localDay: number): number {
  const date = new Date(localDay * 86_400_000);
  const month = date.getUTCMonth();
  const day = date.getUTCDate();
  const betweenYears = (month === 11 && day >= 24) || (month === 0 && day === 1);
  if (!betweenYears) return 1;
  return OFFICE_TYPES.has(type) ? 0.84 : type === 'ISP Regional' || type === 'CDN' ? 1.04 : 1;
}

const HOUR = 3600;

/** Load of a type relative to its mean, by a region's own clock: day and week, cubic between the hours. */
export class Rhythm {
  private readonly week: readonly number[];
  private day = -1;
  private dayFactor = 1;

  constructor(private readonly type: NetworkType) {
    this.week = weekOf(SHAPE[type]);
  }

  /** @param local seconds of the region's ZoneClock */
  at(local: number): number {
    const day = Math.floor(local / 86_400);
    if (day !== this.day) {
      this.day = day;
      this.dayFactor = holiday(this.type, day);
    }
    // 1970-01-01 was a Thursday: three days after a Monday.
    const position = (local / HOUR + 72) % 168;
    const hour = Math.floor(position);
    const x = position - hour;
    const p0 = this.week[(hour + 167) % 168] ?? 1;
    const p1 = this.week[hour] ?? 1;
    const p2 = this.week[(hour + 1) % 168] ?? 1;
    const p3 = this.week[(hour + 2) % 168] ?? 1;
    const cubic =
      p1 + 0.5 * x * (p2 - p0 + x * (2 * p0 - 5 * p1 + 4 * p2 - p3 + x * (3 * (p1 - p2) + p3 - p0)));
    return cubic * this.dayFactor;
  }
}
