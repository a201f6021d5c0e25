import type {
  ClassificationSubject,
  DecisionRow,
  DraftDecision,
  SubjectKind,
} from '@/lib/flows/classification';
import { isNetworkType } from '@/lib/flows/networkTypes';

/** The form as it is typed. */
export interface FormValues {
  kind: SubjectKind;
  asn: string;
  prefix: string;
  exporter: string;
  interface: string;
  /** empty = nothing chosen yet; GIVE_BACK = what file and taxonomy say */
  type: string;
  from: string;
  to: string;
  reason: string;
  history: 'keep' | 'rebuild';
}

export const GIVE_BACK = 'give back';

const EMPTY: FormValues = {
  kind: 'asn',
  asn: '',
  prefix: '',
  exporter: '',
  interface: '',
  type: '',
  from: '',
  to: '',
  reason: '',
  history: 'rebuild',
};

/** A form about what a link to this page names: ?asn=64500, ?prefix=192.0.2.0/24, ?exporter=…&interface=7. */
export function formOfSearch(search: { get(name: string): string | null }): FormValues {
  const of = (name: string): string => search.get(name) ?? '';
  const kind = of('prefix') !== '' ? 'prefix' : of('exporter') !== '' ? 'link' : 'asn';
  return {
    ...EMPTY,
    kind,
    asn: of('asn'),
    prefix: of('prefix'),
    exporter: of('exporter'),
    interface: of('interface'),
  };
}

/** A form that begins from an earlier decision. */
export function formOf({ subject, networkType, validFrom, validTo, history }: DecisionRow): FormValues {
  return {
    ...EMPTY,
    kind: subject.kind,
    ...(subject.kind === 'asn' ? { asn: String(subject.asn) } : {}),
    ...(subject.kind === 'prefix' ? { prefix: subject.prefix } : {}),
    ...(subject.kind === 'link' ? { exporter: subject.exporter, interface: String(subject.interface) } : {}),
    type: networkType ?? GIVE_BACK,
    from: validFrom ?? '',
    to: validTo ?? '',
    history,
  };
}

/** What is typed as a decision, or null while something is missing. The server checks it in full. */
export function draftOf(values: FormValues): DraftDecision | null {
  const subject = subjectOf(values);
  if (subject === null || values.type === '') return null;
  if (values.from !== '' && values.to !== '' && values.from > values.to) return null;
  return {
    subject,
    networkType: isNetworkType(values.type) ? values.type : null,
    validFrom: values.from || null,
    validTo: values.to || null,
  };
}

function subjectOf(values: FormValues): ClassificationSubject | null {
  const number = (text: string): number | null => {
    const match = /^\s*(?:AS)?(\d{1,10})\s*$/i.exec(text);
    return match === null ? null : Number(match[1]);
  };
  if (values.kind === 'asn') {
    const asn = number(values.asn);
    return asn === null || asn === 0 ? null : { kind: 'asn', asn };
  }
  if (values.kind === 'prefix') {
    const prefix = values.prefix.trim();
    return /^[0-9a-f.:]+\/\d{1,3}$/i.test(prefix) ? { kind: 'prefix', prefix } : null;
  }
  const index = number(values.interface);
  const exporter = values.exporter.trim();
  return exporter === '' || index === null || index === 0
    ? null
    : { kind: 'link', exporter, interface: index };
}
