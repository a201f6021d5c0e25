import { type EmbeddedClickHouse, startClickHouse } from '@/clickhouse/embedded/start';
import type { DataPaths } from '@/lib/server/paths';
import { PortTakenError } from '@/lib/server/process/portTaken';
import { type EmbeddedPostgres, startPostgres } from '@/prisma/embedded/start';
import { type Kept, keepRunning } from './keepRunning';
import type { RunState } from './runFile';
import type { Secrets } from './secrets';

/** Name of our database in both embedded servers. */
export const DATABASE = 'weir';

interface Surroundings {
  paths: DataPaths;
  secrets: Secrets;
  /** Ports used last time; free ones are chosen where they are taken by now. */
  ports: RunState['ports'];
  log: (line: string) => void;
  onCrash: () => Promise<void>;
  onRestart: () => void;
}

/** Starts the embedded ClickHouse and keeps it running on its ports. */
export async function runClickHouse(
  around: Surroundings,
): Promise<Kept & { target: EmbeddedClickHouse['target']; httpPort: number; tcpPort: number }> {
  const { paths, secrets, ports, log } = around;
  const options = {
    dataPath: paths.clickhouse,
    logPath: paths.logs,
    secrets: secrets.clickhouse,
    database: DATABASE,
  };
  const remembered = {
    ...(ports.clickhouseHttp ? { httpPort: ports.clickhouseHttp } : {}),
    ...(ports.clickhouseTcp ? { tcpPort: ports.clickhouseTcp } : {}),
  };
  const first = await orElsewhere(
    () => startClickHouse({ ...options, ...remembered }),
    () => startClickHouse(options),
    log,
  );
  const { target, httpPort, tcpPort } = first;
  const again = (signal: AbortSignal) => startClickHouse({ ...options, httpPort, tcpPort, signal });
  return { target, httpPort, tcpPort, ...keepRunning({ ...around, name: 'ClickHouse', first, again }) };
}

/** Starts the embedded PostgreSQL and keeps it running on its port. */
export async function runPostgres(
  around: Surroundings,
): Promise<Kept & { databaseUrl: EmbeddedPostgres['databaseUrl']; port: number }> {
  const { paths, secrets, ports, log } = around;
  const options = {
    dataPath: paths.postgres,
    logPath: paths.logs,
    password: secrets.postgres,
    database: DATABASE,
  };
  const first = await orElsewhere(
    () => startPostgres({ ...options, ...(ports.postgres ? { port: ports.postgres } : {}) }),
    () => startPostgres(options),
    log,
  );
  const { databaseUrl, port } = first;
  const again = (signal: AbortSignal) => startPostgres({ ...options, port, signal });
  return { databaseUrl, port, ...keepRunning({ ...around, name: 'PostgreSQL', first, again }) };
}

/** A port of last time may belong to another program now. */
async function orElsewhere<E>(
  remembered: () => Promise<E>,
  anywhere: () => Promise<E>,
  log: (line: string) => void,
): Promise<E> {
  try {
    return await remembered();
  } catch (error) {
    if (!(error instanceof PortTakenError)) throw error;
    log(`Port ${error.port}, used last time, is taken by another program: choosing another one.`);
    return anywhere();
  }
}
