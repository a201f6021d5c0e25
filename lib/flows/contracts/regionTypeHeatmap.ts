import { z } from 'zod';
import { defineContract, noOptions } from './contract';
import { integerString } from './envelope';

const cell = z.object({
  /** bytes over the range; null row = no such cell */
  volume: integerString,
  /** this cell's volume / the volume of all cells, 0 to 1 */
  share: z.number(),
  /** bit/s: bits of the range / covered seconds of the region; null = no covered second */
  traffic: z.number().nullable(),
  /** distinct remote addresses of the cell, merged and never added; null = nothing can count them, see the notes */
  uniques: z.number().int().nullable(),
  uniquesPlusMinus: z.number().int(),
  /** bits per address of this cell and range; null = no address */
  magnitude: z.number().nullable(),
  /** packets really seen where the sampling rate is above 1 */
  sampledPackets: integerString,
  /** fewer than 400 sampled packets under a rate above 1: draw hatched, the 95 % error is 10 % and more */
  fewPackets: z.boolean(),
});

/**
 * Region x network type. Volume and traffic are of [meta.from, meta.to); uniqueness and magnitude of whole UTC hours
 * [uniquesFrom, uniquesTo). `cells[r][t]` is null where nothing was seen.
 */
export const regionTypeHeatmap = defineContract({
  name: 'region-type-heatmap',
  options: noOptions,
  rows: z.object({
    regions: z.array(z.string()),
    /** in stack order */
    types: z.array(z.string()),
    cells: z.array(z.array(cell.nullable())),
    regionTotals: z.array(cell),
    typeTotals: z.array(cell),
    total: cell,
    uniquesFrom: z.number().int(),
    uniquesTo: z.number().int(),
  }),
});

export type HeatmapCell = z.infer<typeof cell>;
export type HeatmapRows = z.infer<typeof regionTypeHeatmap.rows>;
