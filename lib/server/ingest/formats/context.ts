import 'server-only';
import type { RejectReason } from '../record';
import { FIELD, type FieldSpans } from './fields';
import { FormatError, type FormatOptions } from './format';
import { isMappedV4, parseAddress } from './text/address';
import { LocalClock } from './text/localClock';

/** The timeout that most exporters come with, in seconds. */
export const DEFAULT_ACTIVE_TIMEOUT = 1800;
const UNKNOWN_EXPORTER = 'unknown';
const MAX_EXPORTERS = 10_000;

export interface Exporter {
  name: string;
  activeTimeoutMs: number;
}

/** What holds for one read of one input: the options, checked, and what has been seen so far. */
export class ReadContext {
  readonly clock: LocalClock | null;
  readonly now: number;
  /** Rate for records whose own is unknown; 0 = unknown too. */
  readonly samplingRate: number;
  /** Whether a record has been accepted: from then on a problem of the options rejects records and no longer the input. */
  accepted = false;
  private readonly exporters = new Map<string, Exporter>();
  private lastText: Uint8Array = new Uint8Array(0);
  private last: Exporter | null = null;

  /** @throws FormatError when an option cannot be right */
  constructor(
    readonly options: FormatOptions,
    private readonly title: string,
  ) {
    this.clock = options.zone === undefined ? null : new LocalClock(options.zone);
    this.now = options.now ?? Date.now();
    const rate = options.samplingRate ?? 0;
    if (
      options.samplingRate !== undefined &&
      !(Number.isInteger(rate) && rate >= 1 && rate <= 4_294_967_295)
    ) {
      throw new FormatError(
        `the sampling rate is ${rate}: pass a whole number from 1 (not sampled) to 4294967295, for example --sampling-rate 1000`,
      );
    }
    this.samplingRate = rate;
  }

  /** The error for times without a zone. */
  noZone(): FormatError {
    return new FormatError(`${this.title} has no time zone: pass --zone, for example --zone UTC`);
  }

  /** A time without a zone: an error as long as nothing has been accepted, afterwards the record's own problem. */
  zoneMissing(field: string, text: string): { reason: RejectReason; detail: string } {
    if (!this.accepted) throw this.noZone();
    return {
      reason: 'missing_zone',
      detail: `${field} is "${text}", without a zone: pass --zone, for example --zone UTC`,
    };
  }

  /** The exporter that a record names, with its active timeout. Records of one exporter come in runs. */
  exporter(spans: FieldSpans): Exporter {
    const { buffer } = spans;
    const present = spans.has(FIELD.exporter);
    const start = present ? spans.from(FIELD.exporter) : 0;
    const length = present ? spans.to(FIELD.exporter) - start : 0;
    if (this.last !== null && length === this.lastText.length) {
      let same = true;
      for (let i = 0; i < length; i++) {
        if (buffer[start + i] !== this.lastText[i]) {
          same = false;
          break;
        }
      }
      if (same) return this.last;
    }
    this.lastText = new Uint8Array(buffer.subarray(start, start + length));
    this.last = this.lookUp(length === 0 ? '' : spans.text(FIELD.exporter, 255));
    return this.last;
  }

  private lookUp(text: string): Exporter {
    const known = this.exporters.get(text);
    if (known !== undefined) return known;
    const name = exporterName(text);
    const seconds = this.options.activeTimeoutSeconds(name);
    const exporter = {
      name,
      activeTimeoutMs: Math.round((seconds > 0 ? seconds : DEFAULT_ACTIVE_TIMEOUT) * 1000),
    };
    if (this.exporters.size < MAX_EXPORTERS) this.exporters.set(text, exporter);
    return exporter;
  }
}

/** The exporter's address in one spelling: ::ffff:192.0.2.1 is 192.0.2.1; unspecified and empty are unknown. */
function exporterName(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const address = parseAddress(bytes, 0, bytes.length);
  if (address === null) return text === '' ? UNKNOWN_EXPORTER : text;
  if (isMappedV4(address)) {
    const v4 = [...address.subarray(12)].join('.');
    return v4 === '0.0.0.0' ? UNKNOWN_EXPORTER : v4;
  }
  return address.every((byte) => byte === 0) ? UNKNOWN_EXPORTER : text.toLowerCase();
}
