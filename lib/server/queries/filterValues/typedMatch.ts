import 'server-only';
import type { Dimension } from '@/lib/flows/dimensions';
import { countriesNamed } from '@/lib/flows/filter/countries';
import type { NetworkDimension, NetworkTerm } from '@/lib/flows/filter/filter';
import { networkAround, parseAddress, printNetwork } from '@/lib/flows/filter/networks';
import { LONGEST, readBlock } from '@/lib/flows/filter/parseValue';
import { protocolsNamed } from '@/lib/flows/filter/protocols';
import { servicesNamed } from '@/lib/flows/filter/services';
import { type Sql, sql, text, texts, uint8s, uint16s } from '@/lib/server/clickhouse/sql';
import { dimensionColumn } from '../columns';
import type { Facts } from '../facts';

/** Whether a group's value, or its name, is one that somebody who typed this could mean; over the dimension's column. */
export function typedMatch(dimension: Dimension, typed: string, facts: Facts): Sql {
  const column = dimensionColumn(dimension);
  if (typed === '') return sql`1`;
  const begins = (written: string) => sql`startsWith(toString(${column}), ${text(written)})`;
  const isNumber = /^\d+$/.test(typed);
  switch (dimension) {
    case 'asn': {
      const digits = /^(?:as)?(\d+)$/i.exec(typed)?.[1];
      if (digits !== undefined) return begins(digits);
      return sql`remote_as IN (SELECT asn FROM as_names WHERE positionCaseInsensitiveUTF8(organisation, ${text(typed)}) > 0)`;
    }
    case 'protocol':
      return isNumber ? begins(typed) : sql`${column} IN ${uint8s(protocolsNamed(typed))}`;
    case 'servicePort':
      return isNumber ? begins(typed) : sql`${column} IN ${uint16s(servicesNamed(typed))}`;
    case 'interface':
      return begins(typed);
    case 'ip':
      return begins(typed.replace(/^(ip)?v/i, ''));
    case 'country':
      return sql`${column} IN ${texts(countriesNamed(typed))}`;
    case 'exporter':
      return sql`${column} IN ${texts(exportersNamed(facts, typed))}`;
    case 'remotePrefix':
    case 'remoteAddress':
    case 'localAddress':
      // A whole network is a condition on the rows already.
      if (networkTyped(dimension, typed)?.exact) return sql`1`;
      return sql`startsWith(replaceOne(toString(${column}), '::ffff:', ''), ${text(typed.toLowerCase())})`;
    default:
      return sql`positionCaseInsensitiveUTF8(toString(${column}), ${text(typed)}) > 0`;
  }
}

function exportersNamed(facts: Facts, typed: string): string[] {
  const wanted = typed.toLowerCase();
  return facts.exporters
    .filter(({ exporter, name }) => [exporter, name].some((each) => each.toLowerCase().includes(wanted)))
    .map(({ exporter }) => exporter);
}

/**
 * The network that every address lies in which begins as typed, so that a table ordered by addresses is read in one place only: the groups
 * that are whole. `exact`: the network itself was typed. null = nothing is known yet.
 */
export function networkTyped(
  dimension: NetworkDimension,
  typed: string,
): { term: NetworkTerm; exact: boolean } | null {
  const termOf = (network: string, exact: boolean) => ({
    term: { kind: 'networks' as const, dimension, exclude: false, networks: [network] },
    exact,
  });
  if (typed.includes('/')) {
    const block = readBlock(dimension, typed);
    return 'value' in block ? termOf(block.value, true) : null;
  }
  const separator = typed.includes(':') ? ':' : '.';
  const groups = typed.split(separator).slice(0, -1);
  if (groups.length === 0) return null;
  const isV4 = separator === '.';
  // What stands behind "::" has no known place.
  if (!isV4 && groups.includes('')) return networkBefore(dimension, typed.slice(0, typed.indexOf('::')));
  const written = isV4
    ? [...groups, ...new Array<string>(Math.max(0, 4 - groups.length)).fill('0')].join('.')
    : `${groups.join(':')}${groups.length < 8 ? '::' : ''}`;
  return around(dimension, written, groups.length * (isV4 ? 8 : 16));
}

function networkBefore(dimension: NetworkDimension, head: string) {
  return head === '' ? null : around(dimension, `${head}::`, head.split(':').length * 16);
}

function around(dimension: NetworkDimension, written: string, bits: number) {
  const address = parseAddress(written);
  if (address === null) return null;
  const network = networkAround(address, Math.min(bits, LONGEST[dimension][address.version]));
  return {
    term: { kind: 'networks' as const, dimension, exclude: false, networks: [printNetwork(network)] },
    exact: false,
  };
}
