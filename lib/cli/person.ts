import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { isRole, roles } from '@/lib/auth/permissions';
import { hashPassword } from '@/lib/server/auth/password';
import { openDatabase } from '@/lib/server/repos/database';
import { findPersonByEmail, normalEmail, savePerson } from '@/lib/server/repos/people';
import { revokeSessionsOf } from '@/lib/server/repos/sessions';
import { migratePostgres } from '@/prisma/migrate';
import { withTargets } from './engines/withTargets';

const usage = `Usage: npm run person -- EMAIL [--role ${roles.join('|')}] [--name "NAME"]

Makes a person who can sign in, or gives an existing one a new password (and role, and name); open sessions of that person end.
The password is made here and printed once. The first person of an installation should be an admin.
`;

/** Exit codes: 0 = done, 1 = failed (the message says why), 2 = wrong arguments. */
async function main(): Promise<number> {
  let email: string;
  let asked: { role?: string; name?: string; help?: boolean };
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { role: { type: 'string' }, name: { type: 'string' }, help: { type: 'boolean' } },
    });
    asked = values;
    if (asked.help) {
      process.stdout.write(usage);
      return 0;
    }
    if (positionals.length !== 1) throw new Error('Give exactly one e-mail address.');
    email = normalEmail(positionals[0] ?? '');
    if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new Error(`"${email}" is not an e-mail address.`);
    if (asked.role !== undefined && !isRole(asked.role))
      throw new Error(`--role is "${asked.role}": use ${roles.join(', ')}.`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 2;
  }
  return withTargets(async ({ databaseUrl }) => {
    // The first person is made before anything was started.
    await migratePostgres(databaseUrl);
    const db = openDatabase(databaseUrl);
    try {
      const before = await findPersonByEmail(email, db);
      const role = asked.role !== undefined && isRole(asked.role) ? asked.role : (before?.role ?? 'viewer');
      const password = randomBytes(15).toString('base64url');
      const person = await savePerson(
        {
          email,
          role,
          name: asked.name ?? before?.name ?? email,
          passwordHash: await hashPassword(password),
        },
        db,
      );
      await revokeSessionsOf(person.id, db);
      process.stdout.write(
        `${before === null ? 'Made' : 'Changed'} ${email} (${role}). Password, shown only now: ${password}\n`,
      );
      return 0;
    } finally {
      await db.$disconnect();
    }
  });
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
