import 'server-only';
import { join, resolve } from 'node:path';

/** Where everything that Weir writes lives. All paths are absolute. */
export interface DataPaths {
  root: string;
  /** Data and generated configuration of the embedded ClickHouse. */
  clickhouse: string;
  /** Data of the embedded PostgreSQL. */
  postgres: string;
  logs: string;
  /** Uploads and streams kept until they are stored. */
  spool: string;
  /** Things that can be made again (address tables). */
  cache: string;
  /** Who runs here, and on which ports. */
  runFile: string;
  /** The one process that runs here, with a number appended. */
  lockFile: string;
  /** Generated passwords, readable by the owner only. */
  secretsFile: string;
  /** The operators' file: exporters, links, own prefixes, overrides. */
  networkFile: string;
}

/** Paths below WEIR_DATA, or below `.data` in the working directory; WEIR_NETWORK moves the operators' file. */
export function dataPaths(env: NodeJS.ProcessEnv = process.env): DataPaths {
  const root = resolve(env.WEIR_DATA || '.data');
  return {
    root,
    clickhouse: join(root, 'clickhouse'),
    postgres: join(root, 'postgres'),
    logs: join(root, 'logs'),
    spool: join(root, 'spool'),
    cache: join(root, 'cache'),
    runFile: join(root, 'run.json'),
    lockFile: join(root, 'lock'),
    secretsFile: join(root, 'secrets.json'),
    networkFile: resolve(env.WEIR_NETWORK || join(root, 'network.yaml')),
  };
}
