import 'server-only';
import { Hash64 } from './hash64';
import type { FlowRecord } from './record';

const hash = new Hash64();

/** Hashes of texts that nearly every record has again: exporters and formats. */
const texts = new Map<string, { high: number; low: number }>();
const MOST_TEXTS = 10_000;

function textHash(text: string): { high: number; low: number } {
  let known = texts.get(text);
  if (known === undefined) {
    hash.reset();
    hash.text(text);
    known = hash.end();
    if (texts.size >= MOST_TEXTS) texts.clear();
    texts.set(text, known);
  }
  return known;
}

/**
 * Key of a record for the content rule (metrics.md, Duplicates): exporter, observation domain, 5-tuple, interfaces, ToS, start,
 * end, bytes, packets and, where present, sequence number, within one source format. Null for records that are not compared by content, such
 * as packet samples: two equal samples are two packets. Over 10 million keys two different records share one with a
 * probability of about 3 in a million.
 */
export function dedupKey(record: FlowRecord): { high: number; low: number } | null {
  if (!record.comparedByContent) return null;
  const format = textHash(record.sourceFormat);
  const exporter = textHash(record.exporter);
  hash.reset();
  hash.word(format.high);
  hash.word(format.low);
  hash.word(exporter.high);
  hash.word(exporter.low);
  hash.word(record.obsDomain);
  hash.word(record.inIf);
  hash.word(record.outIf);
  hash.bytes(record.srcIp);
  hash.bytes(record.dstIp);
  hash.word((record.srcPort << 16) | record.dstPort);
  hash.word((record.proto << 8) | record.tos);
  hash.wide(record.tsStartMs);
  hash.wide(record.durationMs);
  hash.wide(record.bytesRaw);
  hash.wide(record.packetsRaw);
  if (record.sequence !== null) hash.wide(record.sequence);
  return hash.end();
}
