import type { ClickHouseTarget } from '@/lib/server/env';
import type { ClickHouseSecrets } from './users';

/** How the embedded server is reached. */
export function clickhouseTarget(options: {
  httpPort: number;
  database: string;
  secrets: ClickHouseSecrets;
  cluster?: string | null;
}): ClickHouseTarget {
  const account = (user: keyof ClickHouseSecrets) => ({ user, password: options.secrets[user] });
  return {
    url: `http://127.0.0.1:${options.httpPort}`,
    database: options.database,
    cluster: options.cluster ?? null,
    owner: account('owner'),
    ingest: account('ingest'),
    reader: account('reader'),
    dictionary: account('dictionary'),
  };
}
