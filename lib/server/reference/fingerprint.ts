import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';

const memoSchema = z.record(
  z.string(),
  z.object({ size: z.number(), modified: z.number(), sha256: z.string() }),
);

/**
 * SHA-256 (hex) of files of up to 100 MB. Remembered in the cache folder by path, size and time of change, so that a
 * start without changes reads none of them.
 * @throws Error naming the file, what is missing and how to get it
 */
export async function fingerprint(files: readonly string[], cacheDir: string): Promise<string[]> {
  const memoFile = join(cacheDir, 'fingerprints.json');
  const memo = await readMemo(memoFile);
  let learned = false;
  const hashes: string[] = [];
  for (const file of files) {
    const { size, mtimeMs } = await stat(file).catch((error: unknown) => {
      throw new Error(
        `${file} cannot be read (${error instanceof Error ? error.message : String(error)}): run npm ci, or point WEIR_ASN_DIR and WEIR_GEO_DIR at folders with files of the same names`,
      );
    });
    const known = memo[file];
    if (known !== undefined && known.size === size && known.modified === mtimeMs) {
      hashes.push(known.sha256);
      continue;
    }
    const hash = createHash('sha256');
    await pipeline(createReadStream(file), hash);
    const sha256 = hash.digest('hex');
    memo[file] = { size, modified: mtimeMs, sha256 };
    learned = true;
    hashes.push(sha256);
  }
  if (learned) {
    await mkdir(cacheDir, { recursive: true });
    await writeFile(`${memoFile}.${process.pid}.part`, JSON.stringify(memo));
    await rename(`${memoFile}.${process.pid}.part`, memoFile);
  }
  return hashes;
}

async function readMemo(file: string): Promise<z.infer<typeof memoSchema>> {
  try {
    return memoSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    // Missing or unreadable: everything is hashed again, which costs a second.
    return {};
  }
}
