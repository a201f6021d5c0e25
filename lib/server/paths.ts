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
  // Without the comments the web build takes the folder for a part of the app: it would follow a file of a running server, and fail when it goes.
  const root = resolve(/* turbopackIgnore: true */ env.WEIR_DATA || '.data');
  return {
    root,
    clickhouse: join(/* turbopackIgnore: true */ root, 'clickhouse'),
    postgres: join(/* turbopackIgnore: true */ root, 'postgres'),
    logs: join(/* turbopackIgnore: true */ root, 'logs'),
    spool: join(/* turbopackIgnore: true */ root, 'spool'),
    cache: join(/* turbopackIgnore: true */ root, 'cache'),
    runFile: join(/* turbopackIgnore: true */ root, 'run.json'),
    lockFile: join(/* turbopackIgnore: true */ root, 'lock'),
    secretsFile: join(/* turbopackIgnore: true */ root, 'secrets.json'),
    networkFile: resolve(
      /* turbopackIgnore: true */ env.WEIR_NETWORK || join(/* turbopackIgnore: true */ root, 'network.yaml'),
    ),
  };
}
