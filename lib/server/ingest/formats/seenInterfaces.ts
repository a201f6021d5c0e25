import 'server-only';
import type { FlowRecord } from '../record';

/** 5-tuples a generation; two generations are remembered. */
const GENERATION = 200_000;

/** Which interface reported a 5-tuple first, within one input. Memory is bounded: 5-tuples not seen for long are forgotten. */
export class SeenInterfaces {
  private young = new Map<string, string>();
  private old = new Map<string, string>();

  /** The exporter that reported this 5-tuple first; that of the record itself where it is new. */
  firstOf({ srcIp, dstIp, srcPort, dstPort, proto, exporter }: FlowRecord): string {
    const ports = String.fromCharCode(srcPort, dstPort, proto);
    const key = `${String.fromCharCode(...srcIp)}${String.fromCharCode(...dstIp)}${ports}`;
    const first = this.young.get(key) ?? this.old.get(key) ?? exporter;
    if (this.young.size >= GENERATION) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(key, first);
    return first;
  }
}
