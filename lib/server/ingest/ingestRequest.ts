import type { ExporterSettings } from './exporterSettings';
import type { LedgerBatch } from './ledger';
import type { ParsedRecord } from './record';
import type { IngestSummary } from './summary';

export interface IngestOptions {
  /** Folder of the write-ahead spool; default: that of $WEIR_DATA. */
  spool?: string;
  /** Milliseconds for which a lost server is waited for. */
  retryMs?: number;
}

export interface IngestRequest {
  /** Reads the records, in blocks of any length and always in the same order. */
  read(settings: ExporterSettings): AsyncIterable<ParsedRecord[]>;
  format: { name: string; version: number };
  options?: { zone?: string; samplingRate?: number };
  /** Path or URL, for people and for reading again. */
  sourceName: string;
  /** Identity of the source; default: taken from its first record, format and options. */
  source?: string;
  /** Ordinal within the source of the first record that `read` gives; default 0. Only with `source`, at a batch boundary. */
  from?: number;
  /** Ordinal after the last record that `read` can give, where that is known: bounds what is asked of the ledger. */
  until?: number;
  /** Records a batch, at most; a source that the ledger knows goes on with the size recorded there. */
  batchSize?: number;
  /** For streams without an end: milliseconds without input after which what was read so far is stored. */
  idleMs?: number;
  /** Called once with what the ledger knows, when the first record has been read and before any is stored. */
  onSource?(source: KnownSource): void;
  onProgress?(soFar: IngestSummary): void;
  /** Things a person should know that do not stop the import. */
  onWarning?(text: string): void;
  signal?: AbortSignal;
}

/** A source as the ledger knows it before an import. */
export interface KnownSource {
  id: string;
  /** Ordinal after the last record of any batch that the ledger has of it; 0 = none. */
  knownUpTo: number;
}

/** The import failed; `summary` says what had been read and stored by then. */
export class IngestError extends Error {
  override name = 'IngestError';
  constructor(
    message: string,
    readonly summary: IngestSummary,
    options: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What a run keeps count of. */
export interface Run {
  summary: IngestSummary;
  /** Ids of batches that must be compared with what is stored before the run ends. */
  doubtful: Set<string>;
  sent: LedgerBatch[];
}
