import { CALENDAR_LABEL, isCalendarPart } from '@/lib/flows/calendarParts';
import type { GroupAxis } from '@/lib/flows/contracts/exploreGroups';
import { DIMENSION_LABEL } from '@/lib/flows/dimensions';
import { keyLabel, type Names } from './keyLabel';
import { MONTHS } from './timeText';

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/** What an axis is called: "network type", "hour of the day". */
export function axisName(by: GroupAxis): string {
  return isCalendarPart(by) ? CALENDAR_LABEL[by] : DIMENSION_LABEL[by];
}

/** A key of an axis as people read it: "CDN", "Mar 2026", "Sun Mar 29", "14:00". */
export function axisLabel(by: GroupAxis, key: string, names: Names): string {
  switch (by) {
    case 'month':
      return `${monthOf(key)} ${key.slice(0, 4)}`;
    case 'week':
      return `week of ${monthOf(key)} ${Number(key.slice(8))}`;
    case 'day':
      return `${WEEKDAYS[(new Date(`${key}T00:00:00Z`).getUTCDay() + 6) % 7]} ${monthOf(key)} ${Number(key.slice(8))}`;
    case 'weekday':
      return WEEKDAYS[Number(key) - 1] ?? key;
    case 'hour':
      return `${key.padStart(2, '0')}:00`;
    default:
      return keyLabel(by, key, names);
  }
}

/** The month of a key of the calendar: 2026-03 and 2026-03-29 are "Mar". */
export function monthOf(key: string): string {
  return MONTHS[Number(key.slice(5, 7)) - 1] ?? key;
}
