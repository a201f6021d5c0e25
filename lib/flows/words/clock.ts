/** Times of day and parts of the day, as they are written. */

export interface ClockTime {
  hour: number;
  minute: number;
  second: number;
}

export type TimeWords =
  | { is: 'clock'; time: ClockTime }
  /** hours [from, to) of a day */
  | { is: 'part'; from: number; to: number };

const PARTS = new Map([
  ['morning', { from: 6, to: 12 }],
  ['afternoon', { from: 12, to: 18 }],
  ['evening', { from: 18, to: 24 }],
]);

/** "14:00", "14:00:30", "2pm", "2:30 pm", "noon", "midnight", "morning"; null for anything else. Lower case. */
export function readTime(text: string): TimeWords | null {
  const part = PARTS.get(text);
  if (part) return { is: 'part', ...part };
  if (text === 'noon') return { is: 'clock', time: { hour: 12, minute: 0, second: 0 } };
  if (text === 'midnight') return { is: 'clock', time: { hour: 0, minute: 0, second: 0 } };
  const found = /^(\d{1,2})(?::(\d\d))?(?::(\d\d))? ?(am|pm)?$/.exec(text);
  if (!found || (found[2] === undefined && found[4] === undefined)) return null;
  const [hour, minute, second] = [found[1], found[2], found[3]].map((digits) => Number(digits ?? 0));
  if (hour === undefined || minute === undefined || second === undefined) return null;
  if (minute > 59 || second > 59) return null;
  if (found[4] !== undefined) {
    if (hour < 1 || hour > 12) return null;
    return { is: 'clock', time: { hour: (hour % 12) + (found[4] === 'pm' ? 12 : 0), minute, second } };
  }
  // 24:00 is the end of the day, as on a timetable.
  if (hour > 24 || (hour === 24 && minute + second > 0)) return null;
  return { is: 'clock', time: { hour, minute, second } };
}
