import 'server-only';
import type { Role } from '@/lib/auth/permissions';
import type { PrismaClient } from '@/prisma/generated/client';
import { recordAudit } from './audit';
import { database } from './database';

export interface Person {
  id: string;
  email: string;
  name: string;
  role: Role;
}

/** A person with what signing in needs. The hash never leaves lib/server. */
export interface PersonWithPassword extends Person {
  passwordHash: string | null;
  disabled: boolean;
}

/** Addresses are compared in lower case, without blanks around them. */
export function normalEmail(email: string): string {
  return email.trim().toLowerCase();
}

/** The person with an e-mail address, or null. */
export async function findPersonByEmail(email: string, db = database()): Promise<PersonWithPassword | null> {
  const user = await db.user.findUnique({ where: { email: normalEmail(email) } });
  if (user === null) return null;
  const { id, name, role, passwordHash, disabledAt } = user;
  return { id, email: user.email, name, role, passwordHash, disabled: disabledAt !== null };
}

/** Makes a person, or gives an existing one this name, role and password. */
export async function savePerson(
  person: { email: string; name: string; role: Role; passwordHash: string },
  db: PrismaClient = database(),
): Promise<Person> {
  const email = normalEmail(person.email);
  const { name, role, passwordHash } = person;
  const user = await db.user.upsert({
    where: { email },
    create: { email, name, role, passwordHash },
    update: { name, role, passwordHash, disabledAt: null },
  });
  return { id: user.id, email, name: user.name, role: user.role };
}

/** Gives a person another role. Open sessions have it from their next request on. */
export async function changeRole(
  personId: string,
  role: Role,
  by: { personId: string; email: string } | null,
  db: PrismaClient = database(),
): Promise<void> {
  const { email } = await db.user.update({ where: { id: personId }, data: { role } });
  await recordAudit(
    { actor: by, action: 'person.role_changed', target: `person:${personId}`, detail: { email, role } },
    db,
  );
}

/** Number of people who can sign in. */
export async function countPeople(db: PrismaClient = database()): Promise<number> {
  return db.user.count({ where: { disabledAt: null, passwordHash: { not: null } } });
}
