import { z } from 'zod';
import { defineContract, noOptions } from './contract';
import { integerString } from './envelope';

const sums = { bytes: integerString, flowRecords: integerString, share: z.number() };

/**
 * Who is behind Unclassified: the remote ASNs and prefixes with the most ingress and egress bytes, from raw flows, whole records by
 * their start. `share` is of the Unclassified bytes, 0 to 1.
 */
export const unclassifiedSources = defineContract({
  name: 'unclassified-sources',
  options: noOptions,
  rows: z.object({
    bytes: integerString,
    flowRecords: integerString,
    /** how many ASNs and prefixes there are in all */
    asnCount: z.number().int(),
    prefixCount: z.number().int(),
    /** asn 0 = in no table and not reported */
    asns: z.array(z.object({ asn: z.number().int(), organisation: z.string(), ...sums })),
    /** IPv4 /24, IPv6 /48 */
    prefixes: z.array(
      z.object({ prefix: z.string(), asn: z.number().int(), organisation: z.string(), ...sums }),
    ),
  }),
});

export type UnclassifiedRows = z.infer<typeof unclassifiedSources.rows>;
