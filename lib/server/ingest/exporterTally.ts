import 'server-only';
import {
  type Arrival,
  type ExportVersion,
  type Stretch,
  stretchesOf,
  unitOf,
} from '@/lib/flows/exportSequence';
import { QUALITY_FLAGS } from '@/lib/flows/qualityFlags';
import type { SentIn } from './record';

/** What a batch brought from one exporter and observation domain in one hour of receipt: a row of batch_exporters. */
export interface ExporterCounts {
  /** start of the hour, ms since 1970 */
  hourMs: number;
  exporter: string;
  sourceFormat: string;
  exportVersion: ExportVersion;
  obsDomain: number;
  accepted: number;
  duplicates: number;
  rejected: number;
  /** accepted records with at least one quality flag */
  flagged: number;
  /** records with a sequence number and a time of receipt, duplicates left out */
  numbered: number;
  stretches: Stretch[];
  /** several counts ran at the same time: nothing is said of what lies between batches */
  parallel: boolean;
  /** more counts than are followed: nothing is said of loss */
  tooMany: boolean;
}

interface Counter extends Omit<ExporterCounts, 'stretches' | 'parallel' | 'tooMany'> {
  arrivals: Arrival[];
}

const HOUR_MS = 3_600_000;

/**
 * Counts by exporter while a batch is judged. Done here, and not from stored records: the judge sees each record of each batch in order
 * anyway, a batch comes to a few small rows, and `flows`, of which every record would carry a number that nobody else asks for, stays as
 * it is. The rows follow from the batch alone, so a batch that is sent again writes the same ones over them.
 */
export class ExporterTally {
  private readonly counters = new Map<string, Counter>();
  private last: Counter | null = null;

  /** Counts one record. Of a record that was accepted before nothing came anew: it is no part of the sequence. */
  count(sent: SentIn, became: 'accepted' | 'duplicates' | 'rejected'): void {
    const counter = this.counterOf(sent);
    counter[became] += 1;
    if (became === 'accepted' && sent.qualityFlags !== 0) counter.flagged += 1;
    if (became === 'duplicates' || sent.sequence === null) return;
    if ((sent.qualityFlags & QUALITY_FLAGS.noReceiveTime) !== 0) return;
    counter.numbered += 1;
    if (counter.exportVersion === 'unknown') return;
    const { arrivals } = counter;
    const before = arrivals[arrivals.length - 1];
    if (before?.sequence === sent.sequence && before.receivedMs === sent.tsRecvMs) before.records += 1;
    else arrivals.push({ receivedMs: sent.tsRecvMs, sequence: sent.sequence, records: 1 });
  }

  rows(): ExporterCounts[] {
    return [...this.counters.values()].map(({ arrivals, ...counts }) => {
      const unit = unitOf(counts.exportVersion);
      if (unit === null) return { ...counts, stretches: [], parallel: false, tooMany: false };
      return { ...counts, ...stretchesOf(arrivals, unit) };
    });
  }

  private counterOf({ exporter, obsDomain, exportVersion, sourceFormat, tsRecvMs }: SentIn): Counter {
    const hourMs = tsRecvMs - (((tsRecvMs % HOUR_MS) + HOUR_MS) % HOUR_MS);
    const { last } = this;
    if (
      last !== null &&
      last.hourMs === hourMs &&
      last.exporter === exporter &&
      last.obsDomain === obsDomain &&
      last.exportVersion === exportVersion &&
      last.sourceFormat === sourceFormat
    ) {
      return last;
    }
    const key = JSON.stringify([hourMs, exporter, obsDomain, exportVersion, sourceFormat]);
    let counter = this.counters.get(key);
    if (counter === undefined) {
      const none = { accepted: 0, duplicates: 0, rejected: 0, flagged: 0, numbered: 0, arrivals: [] };
      counter = { hourMs, exporter, sourceFormat, exportVersion, obsDomain, ...none };
      this.counters.set(key, counter);
    }
    this.last = counter;
    return counter;
  }
}
