// Writes the Prisma client into prisma/generated, without a download. Does nothing where it is up to date.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const cli = join(dirname(createRequire(import.meta.url).resolve('prisma/package.json')), 'build', 'index.js');
const stampFile = join(here, 'generated', '.stamp');

const stamp = createHash('sha256')
  .update(readFileSync(join(here, 'schema.prisma')))
  .update(readFileSync(join(dirname(cli), '..', 'package.json')))
  .digest('hex');

if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
  const result = spawnSync(
    process.execPath,
    [cli, 'generate', '--schema', join(here, 'schema.prisma'), '--no-hints'],
    {
      cwd: dirname(here),
      encoding: 'utf8',
      env: {
        ...process.env,
        // Generating needs no engine, but the command fetches one unless it is told of a file that exists.
        PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
        CHECKPOINT_DISABLE: '1',
      },
    },
  );
  if (result.status !== 0) {
    process.stderr.write(
      `${result.stdout}${result.stderr}\nprisma/schema.prisma could not be turned into a client; the message above says why.\n`,
    );
    process.exit(1);
  }
  writeFileSync(stampFile, stamp);
}
