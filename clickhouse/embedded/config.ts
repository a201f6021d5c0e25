import { freemem, totalmem } from 'node:os';

/** One shard of a cluster for tests: an embedded server that others reach by its native port. */
export interface Shard {
  host: string;
  tcpPort: number;
  user: string;
  password: string;
}

export interface ClusterConfig {
  name: string;
  shards: readonly Shard[];
}

export function escapeXml(text: string): string {
  return text.replace(/[<>&'"]/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** Half of the memory of this machine or container, between 1 and 8 GiB: the rest belongs to the app and PostgreSQL. */
export function defaultMaxMemoryBytes(total: number = usableMemory()): number {
  const GiB = 1024 ** 3;
  return Math.floor(Math.min(8 * GiB, Math.max(GiB, total / 2)));
}

function usableMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : Math.max(totalmem(), freemem());
}

function remoteServers(clusters: readonly ClusterConfig[]): string {
  const shard = (s: Shard) =>
    `<shard><internal_replication>true</internal_replication><replica><host>${escapeXml(s.host)}</host><port>${s.tcpPort}</port><user>${escapeXml(s.user)}</user><password>${escapeXml(s.password)}</password></replica></shard>`;
  return clusters.map((c) => `<${c.name}>${c.shards.map(shard).join('')}</${c.name}>`).join('\n    ');
}

/** ClickHouse's server configuration; logPath is a folder, where files rotate at 50 MB, five are kept. */
export function configXml(options: {
  usersFile: string;
  logPath: string;
  maxMemoryBytes: number;
  clusters: readonly ClusterConfig[];
}): string {
  const { maxMemoryBytes } = options;
  return `<clickhouse>
  <timezone>UTC</timezone>
  <max_server_memory_usage>${maxMemoryBytes}</max_server_memory_usage>
  <mark_cache_size>${Math.floor(maxMemoryBytes / 16)}</mark_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <max_concurrent_queries>200</max_concurrent_queries>
  <!-- Idle connections must not hold up the stop, which waits five seconds for them. -->
  <keep_alive_timeout>3</keep_alive_timeout>
  <users_config>${escapeXml(options.usersFile)}</users_config>
  <access_control_improvements>
    <settings_constraints_replace_previous>true</settings_constraints_replace_previous>
  </access_control_improvements>
  <logger>
    <level>information</level>
    <log>${escapeXml(options.logPath)}/clickhouse.log</log>
    <errorlog>${escapeXml(options.logPath)}/clickhouse.error.log</errorlog>
    <size>50M</size>
    <count>5</count>
  </logger>
  <remote_servers>
    ${remoteServers(options.clusters)}
  </remote_servers>
</clickhouse>
`;
}

/**
 * Takes the place of the scalar function file(), for which ClickHouse knows no grant: in this server it would read any
 * file of the machine for any account. A function of this name that lies in the data folder goes before the built-in.
 */
export const fileFunctionSql =
  "CREATE FUNCTION file AS path -> toString(throwIf(1, 'file() is not allowed on this server'))\n";
