import 'server-only';

export interface Credentials {
  user: string;
  password: string;
}

/** One ClickHouse (server or cluster) and the four accounts that Weir uses there. */
export interface ClickHouseTarget {
  /** Such as http://127.0.0.1:8123, without path and credentials. */
  url: string;
  database: string;
  /** Name of the cluster as ClickHouse's own configuration calls it; null = a single server. */
  cluster: string | null;
  /** Migrations, demo data, reference tables. */
  owner: Credentials;
  /** Stores flow records, and nothing else. */
  ingest: Credentials;
  /** Every question of the dashboard and `npm run sql`. */
  reader: Credentials;
  /** Fills the dictionaries from the reference tables. */
  dictionary: Credentials;
}

export interface Targets {
  clickhouse: ClickHouseTarget;
  databaseUrl: string;
}

const accounts = ['owner', 'ingest', 'reader', 'dictionary'] as const;
export type Account = (typeof accounts)[number];

/** A wrong or missing environment variable. The message names the variable and what to do. */
export class EnvError extends Error {
  override name = 'EnvError';
  constructor(
    readonly variable: string,
    problem: string,
    fix: string,
  ) {
    super(`${variable} ${problem}. ${fix}`);
  }
}

function required(env: NodeJS.ProcessEnv, variable: string, fix: string): string {
  const value = env[variable];
  if (value === undefined || value === '') throw new EnvError(variable, 'is not set', fix);
  return value;
}

function identifier(env: NodeJS.ProcessEnv, variable: string): string | null {
  const value = env[variable];
  if (value === undefined || value === '') return null;
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(value)) {
    throw new EnvError(
      variable,
      `is ${JSON.stringify(value)}`,
      'Use letters, digits and underscores, starting with a letter or an underscore.',
    );
  }
  return value;
}

function parsedUrl(variable: string, value: string, protocols: readonly string[], example: string): URL {
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    throw new EnvError(variable, 'is not a URL', `Write it like ${example}.`);
  }
  if (!protocols.includes(url.protocol)) {
    throw new EnvError(variable, `has the protocol ${url.protocol}`, `Write it like ${example}.`);
  }
  return url;
}

/**
 * The ClickHouse that the environment names.
 * @throws EnvError naming the variable that is missing or wrong
 */
export function clickhouseFromEnv(env: NodeJS.ProcessEnv = process.env): ClickHouseTarget {
  const example = 'http://clickhouse.example:8123';
  const start = 'Start Weir with `npm start` or `npm run demo`, which set it, or set it yourself.';
  const url = parsedUrl(
    'CLICKHOUSE_URL',
    required(env, 'CLICKHOUSE_URL', start),
    ['http:', 'https:'],
    example,
  );
  if (url.username || url.password) {
    throw new EnvError(
      'CLICKHOUSE_URL',
      'contains a user or a password',
      'Leave them out of the URL; CLICKHOUSE_READER_USER, CLICKHOUSE_READER_PASSWORD and so on carry them.',
    );
  }
  if (url.pathname !== '/' || url.search || url.hash) {
    throw new EnvError(
      'CLICKHOUSE_URL',
      'has a path or parameters',
      `Write only protocol, host and port, like ${example}; CLICKHOUSE_DATABASE names the database.`,
    );
  }
  const credentials = (account: Account): Credentials => {
    const prefix = `CLICKHOUSE_${account.toUpperCase()}`;
    const variable = `${prefix}_PASSWORD`;
    const password = env[variable];
    if (password === undefined) {
      throw new EnvError(
        variable,
        'is not set',
        `CLICKHOUSE_URL replaces the embedded server, so give the password of its account for "${account}" (empty if it has none).`,
      );
    }
    return { user: env[`${prefix}_USER`] || account, password };
  };
  return {
    url: url.origin,
    database: identifier(env, 'CLICKHOUSE_DATABASE') ?? 'weir',
    cluster: identifier(env, 'CLICKHOUSE_CLUSTER'),
    owner: credentials('owner'),
    ingest: credentials('ingest'),
    reader: credentials('reader'),
    dictionary: credentials('dictionary'),
  };
}

/**
 * The PostgreSQL that the environment names.
 * @throws EnvError when DATABASE_URL is missing or no PostgreSQL URL
 */
export function databaseUrlFromEnv(env: NodeJS.ProcessEnv = process.env): string {
  const value = required(
    env,
    'DATABASE_URL',
    'Start Weir with `npm start` or `npm run demo`, which set it, or set it yourself.',
  );
  parsedUrl(
    'DATABASE_URL',
    value,
    ['postgres:', 'postgresql:'],
    'postgresql://user:password@db.example:5432/weir',
  );
  return value;
}

/**
 * The month in which fiscal years begin: WEIR_FISCAL_YEAR_START, 1 to 12. 1 (the default) = they are the calendar's.
 * @throws EnvError for anything else
 */
export function fiscalStartFromEnv(env: NodeJS.ProcessEnv = process.env): number {
  const variable = 'WEIR_FISCAL_YEAR_START';
  const value = env[variable];
  if (value === undefined || value === '') return 1;
  if (!/^(0?[1-9]|1[0-2])$/.test(value)) {
    throw new EnvError(
      variable,
      `is ${JSON.stringify(value)}`,
      'Write the month in which fiscal years begin, 1 to 12, such as 2 for February.',
    );
  }
  return Number(value);
}

/**
 * Both servers that the environment names.
 * @throws EnvError naming the variable that is missing or wrong
 */
export function targetsFromEnv(env: NodeJS.ProcessEnv = process.env): Targets {
  return { clickhouse: clickhouseFromEnv(env), databaseUrl: databaseUrlFromEnv(env) };
}

/** The environment variables from which targetsFromEnv reads the same targets again, for child processes. */
export function targetsToEnv(targets: Targets): Record<string, string> {
  const { clickhouse } = targets;
  const env: Record<string, string> = {
    CLICKHOUSE_URL: clickhouse.url,
    CLICKHOUSE_DATABASE: clickhouse.database,
    CLICKHOUSE_CLUSTER: clickhouse.cluster ?? '',
    DATABASE_URL: targets.databaseUrl,
  };
  for (const account of accounts) {
    env[`CLICKHOUSE_${account.toUpperCase()}_USER`] = clickhouse[account].user;
    env[`CLICKHOUSE_${account.toUpperCase()}_PASSWORD`] = clickhouse[account].password;
  }
  return env;
}
