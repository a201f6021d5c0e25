import { randomBytes } from 'node:crypto';
import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';

const password = z.string().min(16);
const secretsSchema = z.object({
  clickhouse: z.object({ owner: password, ingest: password, reader: password, dictionary: password }),
  postgres: password,
  /** Signs the sessions; changing it signs everybody out. */
  nextAuth: password,
});
export type Secrets = z.infer<typeof secretsSchema>;

function generate(): Secrets {
  const secret = (bytes = 24) => randomBytes(bytes).toString('base64url');
  return {
    clickhouse: { owner: secret(), ingest: secret(), reader: secret(), dictionary: secret() },
    postgres: secret(),
    nextAuth: secret(32),
  };
}

/**
 * The generated passwords of a data folder; made on the first start, readable by the owner only.
 * @throws when the file is damaged: the databases were made with what stood in it, so it is not made anew
 */
export async function loadSecrets(file: string): Promise<Secrets> {
  const found = await readSecrets(file);
  if (found) {
    await chmod(file, 0o600);
    return found;
  }
  const secrets = generate();
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  await rename(temporary, file);
  return secrets;
}

/**
 * The passwords of a data folder, or null where none were made yet.
 * @throws when the file is damaged
 */
export async function readSecrets(file: string): Promise<Secrets | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  try {
    return secretsSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(
      `${file}, which keeps the passwords of the embedded databases, is damaged. Restore it from a backup; without it move the whole folder away and start with an empty one.`,
      { cause },
    );
  }
}
