/**
 * What is doubtful about a record; the bits of `flows.quality_flags`. A flagged record is kept, the flag says how it was mended.
 */
export const QUALITY_FLAGS = {
  unknownSamplingRate: 1,
  endBeforeStart: 2,
  tooLong: 4,
  endsAfterReceipt: 8,
  frameBytesEstimate: 16,
  scaledAtSource: 32,
  noReceiveTime: 64,
  implausibleRate: 128,
  arrivalTimeOnly: 256,
  endMissing: 512,
  localTimeUncertain: 1024,
  maybeAtOtherEnd: 2048,
} as const;

export type QualityFlag = keyof typeof QUALITY_FLAGS;

/** One line for people about each flag. */
export const QUALITY_FLAG_TEXT: Record<QualityFlag, string> = {
  unknownSamplingRate: 'sampling rate unknown: kept, but left out of scaled totals',
  endBeforeStart: 'ended before it started: start set to the end',
  tooLong: "longer than twice the exporter's active timeout: start moved to end minus active timeout",
  endsAfterReceipt: 'ended more than 60 s after it was received: shifted to end at receipt',
  frameBytesEstimate: 'the source counts frames: layer 3 bytes estimated',
  scaledAtSource: 'the source had already multiplied by the sampling rate',
  noReceiveTime: 'the format has no receive time: the end stands in for it',
  implausibleRate: 'faster than its link or any known link: check the sampling rate',
  arrivalTimeOnly: 'only the time of arrival is known: start and end are the same',
  endMissing: 'the record has no end: the start stands in for it',
  localTimeUncertain:
    'a local time that exists twice or never, as clocks change: the first of the two, or moved on by the gap',
  maybeAtOtherEnd: 'both ends are private: a flow log of the other end may hold this traffic too',
};

/** The flags set in `bits`, in bit order. */
export function qualityFlagsOf(bits: number): QualityFlag[] {
  return (Object.keys(QUALITY_FLAGS) as QualityFlag[]).filter((flag) => (bits & QUALITY_FLAGS[flag]) !== 0);
}
