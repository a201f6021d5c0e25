import { z } from 'zod';
import { defineContract, noOptions } from './contract';
import { integerString } from './envelope';

/** Distinct remote addresses of a cell, merged and never added. */
const addresses = z.object({
  uniques: z.number().int(),
  uniquesPlusMinus: z.number().int(),
  /** bits per address of this cell over the hours or days that are counted; null = no address */
  magnitude: z.number().nullable(),
});

const degrees = { latitude: z.number(), longitude: z.number() };

const place = z.object({
  /** ISO 3166-1 alpha-2; '' = nobody knows where (then metro is '' too) */
  country: z.string(),
  /** '' = elsewhere in the country: without a metro, or beyond the heaviest metros */
  metro: z.string(),
  /** the metro's center; null for what has none */
  center: z.object(degrees).nullable(),
  /** bytes, by step and within it by type: `bytes[s][t]`; they add up to everything in the scope */
  bytes: z.array(z.array(integerString)),
  /** of the whole range; null where addresses cannot be counted for it */
  addresses: addresses.nullable(),
});

/** Ingress and egress bytes; '0' for a direction that the scope leaves out. */
const bothWays = { ingress: integerString, egress: integerString };

/**
 * Where the remote ends are. Places, steps and types are split completely: all `bytes` add up to the total of the scope. Addresses are
 * counted over [uniquesFrom, uniquesTo) and not by step: their states are kept by place only by day and month.
 */
export const trafficMap = defineContract({
  name: 'traffic-map',
  options: noOptions,
  rows: z.object({
    /** in stack order */
    types: z.array(z.string()),
    steps: z.object({
      /** epoch seconds; the first may lie before the range */
      starts: z.array(z.number().int()),
      end: z.number().int(),
      /** what divides a step's bytes into a rate: its covered seconds, and those behind the watermark in which anything came */
      seconds: z.array(z.number().int()),
    }),
    /** heaviest first */
    places: z.array(place),
    /** by country as a whole, because distinct addresses of its places cannot be added */
    countries: z.array(z.object({ country: z.string(), addresses })),
    total: z.object({ bytes: integerString, addresses: addresses.nullable() }),
    /** our own; null where the operators' file does not say where it is */
    regions: z.array(z.object({ region: z.string(), center: z.object(degrees).nullable() })),
    /** of the whole range, heaviest first: between a region and a place */
    arcs: z.array(z.object({ region: z.string(), country: z.string(), metro: z.string(), ...bothWays })),
    /** all that is not in `arcs` */
    arcsRest: z.object(bothWays),
    uniquesFrom: z.number().int().nullable(),
    uniquesTo: z.number().int().nullable(),
    /** 0 = the table of places is not loaded yet */
    geoVersion: z.number().int(),
  }),
});

export type TrafficMapRows = z.infer<typeof trafficMap.rows>;
export type MapPlace = z.infer<typeof place>;
export type PlaceAddresses = z.infer<typeof addresses>;

/** More metros than this are not drawn apart. */
export const MOST_METROS = 150;
/** More arcs than this are not drawn. */
export const MOST_ARCS = 60;
/** A slider of more steps than this is not read but scrubbed. */
export const MOST_STEPS = 24;
