import { createHash } from 'node:crypto';
import { profilesXml } from './profiles';

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
  ${profilesXml(options.maxMemoryBytes, options.threads)}
  <quotas>
    <default/>
    <!-- The server's own session asks three queries and then never again; nobody else may ask any. -->
    <session>
      <interval><duration>315360000</duration><queries>3</queries></interval>
    </session>
  </quotas>
  <users>
    <!-- The server's own session needs this account without a password. -->
    ${userXml('default', '<password/>', 'confined', 'session', ['SYSTEM LISTEN ON *.*', 'SELECT ON system.numbers'])}
    ${userXml('stop', hash(options.stopPassword), 'confined', 'default', ['KILL QUERY ON *.*', 'SELECT ON system.processes'])}
    ${userXml('owner', hash(secrets.owner), 'default', 'default', ['ALL ON *.* WITH GRANT OPTION'])}
    ${userXml('ingest', hash(secrets.ingest), 'confined', 'default', [
      ...tables(
        ['flows_landing', 'flows_rejected', 'ingest_batches', 'batch_exporters', 'ingest_keys'],
        'INSERT',
      ),
      ...tables(['ingest_batches', 'ingest_keys', 'kafka_records'], 'SELECT'),
    ])}
    ${userXml('reader', hash(secrets.reader), 'reader', 'default', [`SELECT ON ${database}.*`, `dictGet ON ${database}.*`])}
    ${userXml('dictionary', hash(secrets.dictionary), 'frozen', 'default', tables(referenceTables, 'SELECT'))}
  </users>
</clickhouse>
`;
}
