import { randomInt } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { roles } from '@/lib/auth/permissions';
import { dataPaths } from '@/lib/server/paths';

const demoPerson = z.object({
  name: z.string(),
  email: z.string(),
  role: z.enum(roles),
  password: z.string().min(1),
});

/** Somebody to try Weir with; the password is plain because it is printed. */
export type DemoPerson = z.infer<typeof demoPerson>;

const people: readonly Omit<DemoPerson, 'password'>[] = [
  { name: 'Vera Lindqvist', email: 'viewer@weir.example', role: 'viewer' },
  { name: 'Emil Okafor', email: 'engineer@weir.example', role: 'engineer' },
  { name: 'Ada Marchetti', email: 'admin@weir.example', role: 'admin' },
];

/** Where the demo keeps its people, so that a later start can print them again. */
export function demoPeopleFile(): string {
  return join(dataPaths().root, 'demo-people.json');
}

/** The demo's people: made and written down at the first start, read after that. */
export async function demoPeople(file: string = demoPeopleFile()): Promise<DemoPerson[]> {
  const kept = await readKept(file);
  const complete = people.map((person) => ({
    ...person,
    password: kept.find(({ email }) => email === person.email)?.password ?? newPassword(),
  }));
  if (complete.some((person) => !kept.some(({ email }) => email === person.email))) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `${JSON.stringify(complete, null, 2)}\n`, { mode: 0o600 });
    // The mode above counts only for a new file.
    await chmod(file, 0o600);
  }
  return complete;
}

async function readKept(file: string): Promise<DemoPerson[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  try {
    return z.array(demoPerson).parse(JSON.parse(text));
  } catch (error) {
    throw new Error(
      `${file} is not readable as the demo's people. Delete it: new passwords are made at the next start.`,
      {
        cause: error,
      },
    );
  }
}

/** Sixteen letters and digits that are not mistaken for one another, in groups: about 79 bits. */
function newPassword(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
  const group = () => Array.from({ length: 4 }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
  return [group(), group(), group(), group()].join('-');
}
