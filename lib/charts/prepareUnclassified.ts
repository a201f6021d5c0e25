import type { UnclassifiedRows } from '@/lib/flows/contracts/unclassifiedSources';
import { bytesCell, countCell, NOTHING, shareCell } from './countCell';
import { BYTES, RECORDS } from './dataCells';
import { type Cell, type Column, plain, type TableModel } from './tableModel';

const NETWORK: Column = {
  key: 'asn',
  label: 'ASN',
  csv: 'asn',
  definition: 'of the remote end: by the ASN table, else as the exporter reports it; 0 = neither knows',
};
const ORGANISATION: Column = {
  key: 'organisation',
  label: 'Organization',
  csv: 'organization',
  long: true,
  definition: 'as the ASN table names it',
};
const SHARE: Column = {
  key: 'share',
  label: 'Of Unclassified',
  align: 'right',
  csv: 'share_of_unclassified',
  definition: 'its bytes / all ingress and egress bytes without a type; 0 to 1 in the file',
};

/** The editor, about one thing. @param scopeQuery the scope's query string, which goes along */
export function classificationHref(
  scopeQuery: string,
  about: { asn?: number; prefix?: string } = {},
): string {
  const search = new URLSearchParams(scopeQuery);
  if (about.asn !== undefined) search.set('asn', String(about.asn));
  if (about.prefix !== undefined) search.set('prefix', about.prefix);
  const query = search.toString();
  return `/data/classification${query === '' ? '' : `?${query}`}`;
}

function asnCell(asn: number): Cell {
  return asn === 0 ? { text: 'none', exact: '0', tone: 'muted' } : { text: `AS${asn}`, exact: String(asn) };
}

/** The largest ASNs without a type. */
export function prepareUnclassifiedAsns({ asns }: UnclassifiedRows, scopeQuery: string): TableModel {
  return {
    columns: [NETWORK, ORGANISATION, BYTES, RECORDS, SHARE],
    rows: asns.map(({ asn, organisation, bytes, flowRecords, share }) => ({
      key: String(asn),
      cells: [
        asn === 0 ? asnCell(asn) : { ...asnCell(asn), href: classificationHref(scopeQuery, { asn }) },
        organisation === '' ? NOTHING : { ...plain(organisation), title: organisation },
        bytesCell(bytes),
        countCell(flowRecords),
        shareCell(share),
      ],
    })),
  };
}

/** The largest prefixes without a type. */
export function prepareUnclassifiedPrefixes({ prefixes }: UnclassifiedRows, scopeQuery: string): TableModel {
  return {
    columns: [
      {
        key: 'prefix',
        label: 'Prefix',
        csv: 'prefix',
        definition: 'IPv4 /24, IPv6 /48 of the remote address',
      },
      NETWORK,
      ORGANISATION,
      BYTES,
      RECORDS,
      SHARE,
    ],
    rows: prefixes.map(({ prefix, asn, organisation, bytes, flowRecords, share }) => ({
      key: prefix,
      cells: [
        { ...plain(prefix), href: classificationHref(scopeQuery, { prefix }) },
        asnCell(asn),
        organisation === '' ? NOTHING : { ...plain(organisation), title: organisation },
        bytesCell(bytes),
        countCell(flowRecords),
        shareCell(share),
      ],
    })),
  };
}
