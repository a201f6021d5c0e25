import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClickHouseTarget, Targets } from '@/lib/server/env';
import { type IngestRequest, openIngest } from '../ingest';
import type { ParsedRecord } from '../record';
import type { IngestSummary } from '../summary';
import { inBlocks } from './records';

/** Imports as separate runs of the program would do them: nothing is remembered from one to the next but what is stored. */
export interface TestIngest {
  targets: Targets;
  spool: string;
  run(records: ParsedRecord[], request?: Partial<IngestRequest>): Promise<IngestSummary>;
  remove(): Promise<void>;
}

export async function testIngest(target: ClickHouseTarget): Promise<TestIngest> {
  const spool = await mkdtemp(join(tmpdir(), 'weir-spool-'));
  const targets: Targets = { clickhouse: target, databaseUrl: '' };
  return {
    targets,
    spool,
    async run(records, request = {}) {
      const ingest = openIngest(targets, { spool });
      try {
        return await ingest.run({
          read: () => inBlocks(records, 7),
          format: { name: 'test', version: 1 },
          sourceName: 'test',
          ...request,
        });
      } finally {
        await ingest.close();
      }
    },
    remove: () => rm(spool, { recursive: true, force: true }),
  };
}
