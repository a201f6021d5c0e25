/** Examples of what is understood, for people. */
export const RANGE_EXAMPLES = [
  'last 3 days',
  '90m',
  'yesterday 14:00 to 18:00',
  'since monday',
  'Q4 2025',
  'march 2026',
  '12 Nov 09:00 - 13 Nov',
] as const;
