/**
 * Parts of the calendar that an answer can be split by, in the scope's zone: months, weeks and days one after another, weekdays and hours of
 * the day as they come round.
 */
export const CALENDAR_PARTS = ['month', 'week', 'day', 'weekday', 'hour'] as const;
export type CalendarPart = (typeof CALENDAR_PARTS)[number];

export const CALENDAR_LABEL: Record<CalendarPart, string> = {
  month: 'month',
  week: 'week',
  day: 'day',
  weekday: 'weekday',
  hour: 'hour of the day',
};

export function isCalendarPart(name: string): name is CalendarPart {
  return (CALENDAR_PARTS as readonly string[]).includes(name);
}
