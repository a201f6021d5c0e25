import type { NetworkType } from './networkTypes';

/** What a network type can be given to. A link is stronger than a prefix, a prefix than an ASN; of two prefixes the longer wins. */
export const SUBJECT_KINDS = ['asn', 'prefix', 'link'] as const;
export type SubjectKind = (typeof SUBJECT_KINDS)[number];

export type ClassificationSubject =
  | { kind: 'asn'; asn: number }
  | { kind: 'prefix'; prefix: string }
  | { kind: 'link'; exporter: string; interface: number };

/** A decision before it is saved. Days are UTC, YYYY-MM-DD, both included; null = open. */
export interface DraftDecision {
  subject: ClassificationSubject;
  /** null = what the operators' file and the taxonomy say holds again */
  networkType: NetworkType | null;
  validFrom: string | null;
  validTo: string | null;
}

/** A decision as it is saved. `history`: what becomes of stored records. */
export interface NewDecision {
  draft: DraftDecision;
  reason: string;
  history: 'keep' | 'rebuild';
}

/** A saved decision, as the page shows it. Instants are epoch seconds. */
export interface DecisionRow {
  id: string;
  createdAt: number;
  author: string;
  subject: ClassificationSubject;
  networkType: string | null;
  validFrom: string | null;
  validTo: string | null;
  reason: string;
  history: 'keep' | 'rebuild';
  state: 'pending' | 'applying' | 'applied' | 'failed';
  progress: string;
  problem: string;
  taxonomyVersion: number | null;
  daysChanged: number | null;
}

/** What a decision would do to stored records. Bytes and records are of ingress and egress, by the start of the record. */
export interface PreviewRows {
  /** organisation of the ASN, name of the link; empty where unknown or where there is none */
  name: string;
  /** from = stored type, to = type by the decision (null: by file and taxonomy), by region, most bytes first */
  moves: { region: string; from: string; to: string | null; bytes: string; flowRecords: string }[];
  /** of the subject, but typed by something stronger: stays */
  overruled: { bytes: string; flowRecords: string };
  /** of the subject, and of that type already */
  unchanged: { bytes: string; flowRecords: string };
  /** all ingress and egress bytes of the same days, to see the weight */
  totalBytes: string;
  /** UTC days whose records would be written anew */
  days: number;
  /** first day of the decision of which raw flows are kept, and the last with data; null = none */
  firstDay: string | null;
  lastDay: string | null;
  /** first UTC day of which raw flows are kept, where the decision begins before it: rollups of older days keep the types they have */
  rawFrom: string | null;
}

/** Text that names a subject. */
export function subjectText(of: ClassificationSubject): string {
  if (of.kind === 'asn') return `AS${of.asn}`;
  return of.kind === 'prefix' ? of.prefix : `${of.exporter} interface ${of.interface}`;
}

/** The address of a preview: the draft as query parameters. */
export function previewAddress({ subject: of, networkType, validFrom, validTo }: DraftDecision): string {
  const search = new URLSearchParams({ kind: of.kind });
  if (of.kind === 'asn') search.set('asn', String(of.asn));
  if (of.kind === 'prefix') search.set('prefix', of.prefix);
  if (of.kind === 'link') {
    search.set('exporter', of.exporter);
    search.set('interface', String(of.interface));
  }
  if (networkType !== null) search.set('type', networkType);
  if (validFrom !== null) search.set('from', validFrom);
  if (validTo !== null) search.set('to', validTo);
  return `/api/classification/preview?${search}`;
}
