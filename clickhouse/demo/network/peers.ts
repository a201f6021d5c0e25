import type { NetworkType } from '@/lib/flows/networkTypes';
import type { Region } from '../plan/regions';

/**
 * A lane: traffic of one type that enters and leaves a region by one link, as one IP version, with a few networks at the other end.
 * Curves by link, by exporter and by IP version stay smooth because lanes keep their share; networks of a lane take turns.
 */
export interface LanePlan {
  link: string;
  /** parts of the cell's traffic; normalised over the lanes of the cell */
  share: number;
  /** AS numbers at the other end, the heaviest first */
  asns: readonly number[];
  ipVersion: 4 | 6;
}

const lane = (link: string, share: number, ...asns: number[]): LanePlan => ({
  link,
  share,
  asns,
  ipVersion: 4,
});
const lane6 = (link: string, share: number, ...asns: number[]): LanePlan => ({
  link,
  share,
  asns,
  ipVersion: 6,
});

export const LANES: Record<Region, Record<NetworkType, readonly LanePlan[]>> = {
  'US-West': {
    'ISP Regional': [
      lane('usw-pni-2', 0.25, 7922, 33651, 33491),
      lane('usw-transit-1', 0.21, 20001, 22773, 20115),
      lane('usw-ix-1', 0.14, 6327, 852, 11492),
      lane('usw-transit-2', 0.16, 209, 21928, 6167),
      lane6('usw-transit-1', 0.24, 7922, 21928, 20001),
    ],
    'ISP Tier1': [
      lane('usw-transit-1', 0.55, 1299, 7018, 2914),
      lane('usw-transit-2', 0.45, 3356, 701, 6461),
    ],
    CDN: [
      lane('usw-pni-1', 0.32, 13335),
      lane('usw-ix-2', 0.24, 54113, 20940, 46489),
      lane('usw-transit-2', 0.22, 2906, 16625, 60068),
      lane6('usw-pni-1', 0.22, 13335, 54113),
    ],
    Hosting: [lane('usw-transit-1', 0.6, 14061, 20473, 63949), lane('usw-ix-1', 0.4, 16276, 54825, 36352)],
    Hyperscaler: [
      lane('usw-pni-3', 0.62, 16509, 14618),
      lane('usw-ix-2', 0.22, 396982, 8075, 31898),
      lane6('usw-ix-2', 0.16, 15169, 32934),
    ],
    Neocloud: [
      lane('usw-transit-1', 0.55, 398090, 53428),
      lane('usw-transit-2', 0.33, 33425, 401182),
      lane('usw-ix-2', 0.12, 40214, 401319),
    ],
    Migration: [lane('', 1, 32, 73, 2635)],
    Unclassified: [lane('usw-transit-2', 1, 25, 32, 73, 11537, 2152)],
  },
  'US-East': {
    'ISP Regional': [
      lane('use-pni-2', 0.24, 20115, 11426, 11351),
      lane('use-transit-1', 0.22, 7922, 33491, 7015),
      lane('use-ix-1', 0.14, 22773, 6128),
      lane('use-transit-2', 0.16, 5650, 6167, 7029),
      lane6('use-transit-1', 0.24, 7922, 20115, 21928),
    ],
    'ISP Tier1': [lane('use-transit-2', 1, 3356, 701, 174, 7018, 6939, 3257)],
    CDN: [
      lane('use-pni-1', 0.3, 54113),
      lane('use-ix-1', 0.26, 13335, 20940),
      lane('use-transit-1', 0.24, 2906, 16625, 19551),
      lane6('use-ix-1', 0.2, 13335, 54113),
    ],
    Hosting: [lane('use-transit-2', 0.6, 14061, 63949, 30633), lane('use-ix-2', 0.4, 16276, 19318, 46606)],
    Hyperscaler: [
      lane('use-ix-2', 0.5, 14618, 16509),
      lane('use-transit-1', 0.36, 8075, 396982, 31898),
      lane6('use-ix-1', 0.14, 15169, 32934),
    ],
    // The first lane is the one network of which a published table shows ten-minute rows: about 72 Gb/s out, 4.2 Gb/s in.
    Neocloud: [
      lane('use-pni-3', 0.555, 33425),
      lane('use-transit-2', 0.31, 398090),
      lane('use-ix-2', 0.135, 399507, 40214),
    ],
    Migration: [lane('', 1, 3, 10578, 1742)],
    Unclassified: [lane('use-transit-1', 1, 3, 10578, 11537, 27, 88)],
  },
  'CA-East': {
    'ISP Regional': [
      lane('cae-pni-2', 0.4, 577, 855),
      lane('cae-ix-1', 0.24, 812, 5769, 7992),
      lane('cae-transit-1', 0.16, 852, 6327),
      lane6('cae-ix-1', 0.2, 812, 577),
    ],
    'ISP Tier1': [lane('cae-transit-1', 1, 6461, 174, 6939)],
    CDN: [
      lane('cae-pni-1', 0.45, 20940, 16625),
      lane('cae-ix-2', 0.33, 13335, 54113),
      lane6('cae-ix-1', 0.22, 13335),
    ],
    Hosting: [lane('cae-transit-2', 1, 16276, 32613, 14061)],
    Hyperscaler: [lane('cae-pni-3', 0.65, 396982, 15169), lane('cae-ix-2', 0.35, 16509, 8075)],
    Neocloud: [lane('cae-transit-1', 1, 53735, 214437)],
    Migration: [lane('', 1, 376, 549)],
    Unclassified: [lane('cae-transit-2', 1, 376, 549, 271)],
  },
  'EU-Central': {
    'ISP Regional': [
      lane('euc-pni-2', 0.22, 3209, 6805),
      lane('euc-ix-1', 0.24, 8881, 31334, 8422),
      lane('euc-transit-1', 0.18, 3215, 12322, 3269),
      lane('euc-ix-2', 0.14, 33915, 1136, 5089),
      lane6('euc-ix-1', 0.22, 3209, 31334, 12322),
    ],
    'ISP Tier1': [
      lane('euc-transit-1', 0.55, 3320, 1299, 6830),
      lane('euc-transit-2', 0.45, 2914, 5511, 3257),
    ],
    CDN: [
      lane('euc-pni-1', 0.34, 13335),
      lane('euc-ix-1', 0.24, 20940, 54113, 60068),
      lane('euc-transit-2', 0.2, 2906, 199524, 16625),
      lane6('euc-pni-1', 0.22, 13335),
    ],
    Hosting: [lane('euc-ix-1', 0.6, 24940, 16276, 51167), lane('euc-transit-2', 0.4, 12876, 8560, 60781)],
    Hyperscaler: [
      lane('euc-pni-3', 0.5, 8075),
      lane('euc-ix-2', 0.36, 16509, 396982),
      lane6('euc-ix-1', 0.14, 15169, 32934),
    ],
    Neocloud: [lane('euc-transit-1', 0.6, 53428, 59437), lane('euc-ix-2', 0.4, 33425, 399507)],
    Migration: [lane('', 1, 680, 1103)],
    Unclassified: [lane('euc-ix-1', 1, 680, 1103, 786, 2200, 137)],
  },
};

/** Published metros of neocloud: Chicago, Dallas, Houston, Denver, New York, Northern Virginia, Atlanta; addresses elsewhere are not used in the US. */
export const NEOCLOUD_METROS: readonly { name: string; latitude: number; longitude: number }[] = [
  { name: 'Chicago', latitude: 41.88, longitude: -87.63 },
  { name: 'Dallas', latitude: 32.78, longitude: -96.8 },
  { name: 'Houston', latitude: 29.76, longitude: -95.37 },
  { name: 'Denver', latitude: 39.74, longitude: -104.99 },
  { name: 'New York', latitude: 40.71, longitude: -74.01 },
  { name: 'Northern Virginia', latitude: 39.04, longitude: -77.49 },
  { name: 'Atlanta', latitude: 33.75, longitude: -84.39 },
];

/** Lines of 400 Gb/s over which the large transfers to neoclouds run; the fastest need several at once. */
export const TRANSFER_LINES: Record<Region, readonly { link: string; asn: number }[]> = {
  'US-West': [
    { link: 'usw-transit-1', asn: 398090 },
    { link: 'usw-transit-2', asn: 33425 },
  ],
  'US-East': [
    { link: 'use-pni-3', asn: 33425 },
    { link: 'use-transit-1', asn: 33425 },
    { link: 'use-transit-2', asn: 398090 },
  ],
  'CA-East': [],
  'EU-Central': [],
};

/** Distinct remote addresses per network and region that the demo draws from (Zipf), by type. */
export function hostsOf(type: NetworkType, region: Region): number {
  switch (type) {
    case 'ISP Regional':
      return region === 'US-West' ? 40_000 : 24_000;
    case 'ISP Tier1':
      return 4_000;
    case 'CDN':
      return 700;
    case 'Hosting':
      return 2_500;
    case 'Hyperscaler':
      return 1_600;
    // Few and always the same: this, with half of the type's traffic, makes US-East x Neocloud the heaviest per address.
    case 'Neocloud':
      return region === 'US-East' ? 5 : 14;
    case 'Migration':
      return 60;
    case 'Unclassified':
      return 4_000;
  }
}
