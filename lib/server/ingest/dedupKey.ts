import 'server-only';
import { Hash64 } from './hash64';
import type { FlowRecord } from './record';

const hash = new Hash64();

/**
 * Key of a record for the content rule (metrics.md, Duplicates): exporter, observation domain, 5-tuple, interfaces, ToS, start,
 * end, bytes, packets and, where present, sequence number, within one source format. Null for records that are not compared by content, such
 * as packet samples: two equal samples are two packets. Over 10 million keys two different records share one with a
 * probability of about 3 in a million.
 */
export function dedupKey(record: FlowRecord): { high: number; low: number } | null {
  if (!record.comparedByContent) return null;
  hash.reset();
  hash.text(record.sourceFormat);
  hash.text(record.exporter);
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
