import type { ReactNode } from 'react';

/**
 * What the numbers of a page are, below its title. It needs no answer, so the server writes it, and it should be the longest text of the
 * page: a reader has something to read at once, and what is painted largest does not wait for the database.
 */
export function Lead({ children }: { children: ReactNode }) {
  return <p className="mt-1 text-axis text-muted">{children}</p>;
}
