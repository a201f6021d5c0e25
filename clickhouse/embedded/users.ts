import { createHash } from 'node:crypto';

export type ClickHouseSecrets = Record<'owner' | 'ingest' | 'reader' | 'dictionary', string>;

/** What the dictionaries read. A reference table that is added later is added here too. */
const referenceTables = [
  'exporters',
  'exporter_sampling',
  'links',
  'own_prefixes',
  'asn_prefixes',
  'as_names',
  'asn_types',
  'prefix_types',
  'geo_prefixes',
  'reference_versions',
];

interface Limit {
  /** What holds when a query says nothing. */
  value: number;
  /** Above 0, as 0 means "no limit" for nearly all of these. */
  min: number;
  max: number;
}

function readerLimits(maxMemoryBytes: number, threads: number): Record<string, Limit> {
  const memory = Math.floor(maxMemoryBytes / 2);
  return {
    max_execution_time: { value: 30, min: 0.001, max: 300 },
    max_memory_usage: { value: Math.floor(memory / 2), min: 1_000_000, max: memory },
    max_memory_usage_for_user: { value: memory, min: 1_000_000, max: memory },
    max_rows_to_read: { value: 5_000_000_000, min: 1, max: 20_000_000_000 },
    max_bytes_to_read: { value: 1e12, min: 1, max: 4e12 },
    max_result_rows: { value: 1_000_000, min: 1, max: 10_000_000 },
    max_result_bytes: { value: 512_000_000, min: 1, max: 2_000_000_000 },
    max_threads: { value: threads, min: 1, max: threads },
    max_concurrent_queries_for_user: { value: 100, min: 1, max: 100 },
    max_temporary_data_on_disk_size_for_query: { value: 4e9, min: 1, max: 1e10 },
    max_temporary_data_on_disk_size_for_user: { value: 1e10, min: 1, max: 1e10 },
    max_query_size: { value: 262_144, min: 1, max: 1_048_576 },
    max_ast_elements: { value: 50_000, min: 1, max: 50_000 },
    max_expanded_ast_elements: { value: 500_000, min: 1, max: 500_000 },
  };
}

/** Settings that would turn a limit into a silent cut, or let a query outlive the one who asked. */
const readerFixed: Record<string, string> = {
  timeout_overflow_mode: 'throw',
  timeout_overflow_mode_leaf: 'throw',
  read_overflow_mode: 'throw',
  read_overflow_mode_leaf: 'throw',
  result_overflow_mode: 'throw',
  allow_introspection_functions: '0',
  allow_ddl: '0',
  readonly: '2',
};

function readerProfile(limits: Record<string, Limit>): string {
  const number = (n: number) => (Number.isInteger(n) ? n.toFixed(0) : String(n));
  const settings = [
    ...Object.entries(limits).map(([name, limit]) => `<${name}>${number(limit.value)}</${name}>`),
    ...Object.entries(readerFixed).map(([name, value]) => `<${name}>${value}</${name}>`),
  ];
  const constraints = [
    ...Object.entries(limits).map(
      ([name, { min, max }]) => `<${name}><min>${number(min)}</min><max>${number(max)}</max></${name}>`,
    ),
    ...Object.keys(readerFixed).map((name) => `<${name}><readonly/></${name}>`),
  ];
  return `${settings.join('\n      ')}\n      <constraints>\n        ${constraints.join('\n        ')}\n      </constraints>`;
}

function userXml(
  name: string,
  authentication: string,
  profile: string,
  quota: string,
  grants: readonly string[],
): string {
  const queries = grants.map((grant) => `<query>GRANT ${grant}</query>`).join('\n        ');
  return `<${name}>
      ${authentication}
      <networks><ip>127.0.0.1</ip><ip>::1</ip></networks>
      <profile>${profile}</profile>
      <quota>${quota}</quota>
      <grants>
        ${queries}
      </grants>
    </${name}>`;
}

/**
 * The accounts of the embedded server, as ClickHouse's users file. Passwords stand in it as SHA-256 only.
 * Every account has explicit grants: without them even a read-only account may read the disk through file().
 */
export function usersXml(options: {
  database: string;
  secrets: ClickHouseSecrets;
  stopPassword: string;
  maxMemoryBytes: number;
  threads: number;
}): string {
  const { database, secrets } = options;
  const hash = (password: string) =>
    `<password_sha256_hex>${createHash('sha256').update(password).digest('hex')}</password_sha256_hex>`;
  const tables = (names: readonly string[], right: string) =>
    names.map((name) => `${right} ON ${database}.${name}`);
  return `<clickhouse>
  <profiles>
    <default/>
    <reader>
      ${readerProfile(readerLimits(options.maxMemoryBytes, options.threads))}
    </reader>
  </profiles>
  <quotas>
    <default/>
    <!-- The server's own session asks three queries and then never again; nobody else may ask any. -->
    <session>
      <interval><duration>315360000</duration><queries>3</queries></interval>
    </session>
  </quotas>
  <users>
    <!-- The server's own session needs this account without a password. -->
    ${userXml('default', '<password/>', 'default', 'session', ['SYSTEM LISTEN ON *.*', 'SELECT ON system.numbers'])}
    ${userXml('stop', hash(options.stopPassword), 'default', 'default', ['KILL QUERY ON *.*', 'SELECT ON system.processes'])}
    ${userXml('owner', hash(secrets.owner), 'default', 'default', ['ALL ON *.* WITH GRANT OPTION'])}
    ${userXml('ingest', hash(secrets.ingest), 'default', 'default', [
      ...tables(['flows_landing', 'flows_rejected', 'ingest_batches', 'ingest_keys'], 'INSERT'),
      ...tables(['ingest_batches', 'ingest_keys'], 'SELECT'),
    ])}
    ${userXml('reader', hash(secrets.reader), 'reader', 'default', [`SELECT ON ${database}.*`, `dictGet ON ${database}.*`])}
    ${userXml('dictionary', hash(secrets.dictionary), 'default', 'default', tables(referenceTables, 'SELECT'))}
  </users>
</clickhouse>
`;
}
