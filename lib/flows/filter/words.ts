import { DIMENSION_LABEL, DIMENSIONS, type Dimension } from '../dimensions';
import {
  NAME_DIMENSIONS,
  type NameDimension,
  NETWORK_DIMENSIONS,
  type NetworkDimension,
  NUMBER_DIMENSIONS,
  type NumberDimension,
  TEXT_DIMENSIONS,
  type TextDimension,
} from './filter';

/** How a dimension is written in a filter: the first word is the canonical one. Hyphens and underscores between words do not matter. */
const WORDS: Record<Dimension, readonly [string, ...string[]]> = {
  type: ['type', 'networktype', 'nettype'],
  region: ['region', 'site'],
  direction: ['direction', 'dir'],
  ip: ['ip', 'ipversion', 'etype', 'family'],
  linkKind: ['link', 'linkkind', 'connectivity'],
  provider: ['provider'],
  exporter: ['exporter', 'router', 'device'],
  interface: ['interface', 'if', 'iface', 'ifindex'],
  asn: ['asn', 'as', 'remoteas'],
  country: ['country', 'cc'],
  metro: ['metro', 'city'],
  protocol: ['proto', 'protocol'],
  servicePort: ['port', 'serviceport', 'service'],
  remotePrefix: ['prefix', 'remoteprefix', 'net'],
  remoteAddress: ['remote', 'remoteaddress', 'remoteip', 'addr', 'host'],
  localAddress: ['local', 'localaddress', 'localip'],
};

const BY_WORD = new Map(
  DIMENSIONS.flatMap((dimension) => WORDS[dimension].map((word) => [word, dimension] as const)),
);

export function wordOf(dimension: Dimension): string {
  return WORDS[dimension][0];
}

/** Canonical word first, then the others that mean the same. */
export function wordsOf(dimension: Dimension): readonly string[] {
  return WORDS[dimension];
}

export function dimensionByWord(word: string): Dimension | null {
  return BY_WORD.get(word.toLowerCase().replace(/[-_]/g, '')) ?? null;
}

/** The canonical words of all dimensions, for people. */
export const DIMENSION_WORDS: readonly string[] = DIMENSIONS.map(wordOf);

/** `port (service port)`, or only `region` where the word says it. */
export function describedWord(dimension: Dimension): string {
  const word = wordOf(dimension);
  return DIMENSION_LABEL[dimension] === word ? word : `${word} (${DIMENSION_LABEL[dimension]})`;
}

export function isNameDimension(dimension: Dimension): dimension is NameDimension {
  return (NAME_DIMENSIONS as readonly Dimension[]).includes(dimension);
}

export function isNumberDimension(dimension: Dimension): dimension is NumberDimension {
  return (NUMBER_DIMENSIONS as readonly Dimension[]).includes(dimension);
}

export function isNetworkDimension(dimension: Dimension): dimension is NetworkDimension {
  return (NETWORK_DIMENSIONS as readonly Dimension[]).includes(dimension);
}

export function isTextDimension(dimension: Dimension): dimension is TextDimension {
  return (TEXT_DIMENSIONS as readonly Dimension[]).includes(dimension);
}
