import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Targets } from '@/lib/server/env';
import { exitOf } from '@/lib/server/process/ownedChild';
import { waitUntil } from '@/lib/server/process/waitUntil';

const DEADLINE_MS = 60_000;

const readySchema = z.object({
  ready: z.literal(true),
  targets: z.custom<Targets>(),
  embedded: z.object({ clickhouse: z.boolean(), postgres: z.boolean() }),
  uncleanStop: z.boolean(),
  appEnv: z.record(z.string(), z.string()),
});

export interface Supervisor {
  child: ChildProcess;
  exited: ReturnType<typeof exitOf>;
  /** Every message so far. */
  messages: unknown[];
  /** The first message in which `pick` finds something. */
  message<T>(pick: (message: unknown) => T | undefined): Promise<T>;
}

/** Starts a supervisor as a process of its own over a data folder. */
export function spawnSupervisor(dataFolder: string, env: Record<string, string> = {}): Supervisor {
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      '--conditions=react-server',
      fileURLToPath(new URL('./holdEngines.ts', import.meta.url)),
    ],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        CLICKHOUSE_URL: '',
        DATABASE_URL: '',
        WEIR_DATA: dataFolder,
        ...env,
      },
    },
  );
  const messages: unknown[] = [];
  let text = '';
  child.stdout?.on('data', (chunk) => {
    const lines = `${text}${chunk}`.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) messages.push(JSON.parse(line));
  });
  return {
    child,
    exited: exitOf(child),
    messages,
    message: (pick) =>
      waitUntil(
        () => {
          for (const message of messages) {
            const found = pick(message);
            if (found !== undefined) return found;
          }
          return undefined;
        },
        DEADLINE_MS,
        () => new Error(`No such message in ${DEADLINE_MS} ms. There were: ${JSON.stringify(messages)}`),
      ),
  };
}

/** What a supervisor says when both engines answer. */
export function ready(supervisor: Supervisor): Promise<z.infer<typeof readySchema>> {
  return supervisor.message((message) => {
    const failed = z.object({ failed: z.string() }).safeParse(message);
    if (failed.success) throw new Error(failed.data.failed);
    return readySchema.safeParse(message).data;
  });
}
