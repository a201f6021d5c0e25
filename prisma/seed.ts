import { openDatabase } from '@/lib/server/repos/database';
import { findPersonByEmail, savePerson } from '@/lib/server/repos/people';
import { revokeSessionsOf } from '@/lib/server/repos/sessions';
import { type DemoPerson, demoPeople, demoPeopleFile, type KeptPerson } from './demoPeople';

export type { DemoPerson } from './demoPeople';

/**
 * Puts the demo's three people, one a role, into a migrated database. Their passwords are made at the first start and
 * kept beside the data, so that every later start prints the same.
 *
 * @param file where the people are kept; `demo-people.json` in the data folder by default
 */
export async function seedDemoPeople(
  databaseUrl: string,
  file: string = demoPeopleFile(),
): Promise<DemoPerson[]> {
  const people = await demoPeople(file);
  const db = openDatabase(databaseUrl);
  try {
    await Promise.all(people.map((person) => seedPerson(person, db)));
  } finally {
    await db.$disconnect();
  }
  return people.map(({ name, email, role, password }) => ({ name, email, role, password }));
}

async function seedPerson(person: KeptPerson, db: ReturnType<typeof openDatabase>): Promise<void> {
  const found = await findPersonByEmail(person.email, db);
  const unchanged =
    found !== null &&
    !found.disabled &&
    found.role === person.role &&
    found.passwordHash === person.passwordHash;
  if (unchanged) return;
  const saved = await savePerson(person, db);
  await revokeSessionsOf(saved.id, db);
}
