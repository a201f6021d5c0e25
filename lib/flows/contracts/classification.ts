import { z } from 'zod';
import type { DraftDecision, NewDecision } from '../classification';
import { NETWORK_TYPES } from '../networkTypes';

const UINT32 = 4_294_967_295;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** A UTC day, YYYY-MM-DD; null or empty = open. */
const day = z
  .union([z.string(), z.null()])
  .transform((text) => (text === null || text === '' ? null : text))
  .refine((text) => text === null || isDay(text), 'is not a day: write it as 2026-01-31');

const subject = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('asn'),
    asn: z.int('is not an AS number: write a number from 1 to 4294967295').min(1).max(UINT32),
  }),
  z.strictObject({
    kind: z.literal('prefix'),
    prefix: z.string().min(1, 'is empty: write 192.0.2.0/24').max(50),
  }),
  z.strictObject({
    kind: z.literal('link'),
    exporter: z.string().min(1, 'is empty: write the exporter as its records name it').max(255),
    interface: z.int('is not an interface: write its SNMP index').min(1).max(UINT32),
  }),
]);

/** A decision before it is saved. */
export const draftDecision: z.ZodType<DraftDecision> = z
  .strictObject({
    subject,
    /** null = what the operators' file and the taxonomy say holds again */
    networkType: z.enum(NETWORK_TYPES).nullable(),
    validFrom: day,
    validTo: day,
  })
  .refine(({ validFrom, validTo }) => validFrom === null || validTo === null || validFrom <= validTo, {
    path: ['validTo'],
    message: 'is before the first day: exchange the two',
  });

/** A decision as it is saved. `history`: what becomes of stored records. */
export const newDecision: z.ZodType<NewDecision> = z.strictObject({
  draft: draftDecision,
  reason: z
    .string()
    .transform((text) => text.trim())
    .refine((text) => text.length >= 3, 'is missing: write why, for whoever asks in a year')
    .refine((text) => text.length <= 500, 'is longer than 500 characters'),
  history: z.enum(['keep', 'rebuild']),
});

/** Reads what previewAddress wrote. */
export function readPreviewSearch(search: URLSearchParams): unknown {
  const number = (key: string): number => Number(search.get(key) ?? Number.NaN);
  const kind = search.get('kind');
  return {
    subject: {
      kind,
      ...(kind === 'asn' ? { asn: number('asn') } : {}),
      ...(kind === 'prefix' ? { prefix: search.get('prefix') ?? '' } : {}),
      ...(kind === 'link' ? { exporter: search.get('exporter') ?? '', interface: number('interface') } : {}),
    },
    networkType: search.get('type'),
    validFrom: search.get('from'),
    validTo: search.get('to'),
  };
}

function isDay(text: string): boolean {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return DAY.test(text) && !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === text;
}
