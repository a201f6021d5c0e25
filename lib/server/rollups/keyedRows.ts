import 'server-only';

/** A column that days do not hold as such, and that lists of the heaviest are kept by: the /24 or the /48 of the remote address. */
export const REMOTE_PREFIX = 'remote_prefix';

/**
 * Rows of days with every column that lists are kept by, as what a FROM names.
 * @param source a table of days
 * @param keys columns that tell the rows of a list apart
 */
export function keyedRows(source: string, keys: readonly string[]): string {
  return keys.includes(REMOTE_PREFIX)
    ? `(SELECT *, tupleElement(IPv6CIDRToRange(remote_address, if(ip_version = 4, 120, 48)), 1) AS ${REMOTE_PREFIX} FROM ${source})`
    : source;
}
