import { formatValue } from './format';

/** "read 12.3 M of 80.0 M records": of a question that is under way. */
export function progressText({ rowsRead, rowsToRead }: { rowsRead: number; rowsToRead: number }): string {
  return `read ${formatValue(Math.min(rowsRead, rowsToRead), 'count')} of ${formatValue(rowsToRead, 'count')} records`;
}
