import { randomInt } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { roles } from '@/lib/auth/permissions';
import { hashPassword } from '@/lib/server/auth/password';
import { dataPaths } from '@/lib/server/paths';

const demoPerson = z.object({
  name: z.string(),
  email: z.string(),
  role: z.enum(roles),
  password: z.string().min(1),
  /** Kept too, so that a start finds without hashing that the database has it. */
  passwordHash: z.string().min(1).optional(),
});

/** Somebody to try Weir with; the password is plain because it is printed. */
export type DemoPerson = Omit<z.infer<typeof demoPerson>, 'passwordHash'>;
export type KeptPerson = DemoPerson & { passwordHash: string };

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
export async function demoPeople(file: string): Promise<KeptPerson[]> {
  const kept = await readKept(file);
  const complete = await Promise.all(
    people.map(async (person) => {
      const known = kept.find(({ email }) => email === person.email);
      const password = known?.password ?? newPassword();
      return { ...person, password, passwordHash: known?.passwordHash ?? (await hashPassword(password)) };
    }),
  );
  const text = `${JSON.stringify(complete, null, 2)}\n`;
  if (text !== `${JSON.stringify(kept, null, 2)}\n`) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { mode: 0o600 });
    // The mode above counts only for a new file.
    await chmod(file, 0o600);
  }
  return complete;
}

async function readKept(file: string): Promise<z.infer<typeof demoPerson>[]> {
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
