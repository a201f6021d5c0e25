import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { verifyPassword } from '@/lib/server/auth/password';
import { openDatabase } from '@/lib/server/repos/database';
import { findPersonByEmail } from '@/lib/server/repos/people';
import { openSession } from '@/lib/server/repos/sessions';
import { seedDemoPeople } from './seed';
import { startTestDatabase, type TestDatabase } from './testing/testDatabase';

let server: TestDatabase;
let db: ReturnType<typeof openDatabase>;
let folder: string;

beforeAll(async () => {
  server = await startTestDatabase();
  db = openDatabase(server.databaseUrl);
});
afterAll(async () => {
  await db.$disconnect();
  await server.stop();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-seed-'));
  return () => rm(folder, { recursive: true, force: true });
});

const seed = () => seedDemoPeople(server.databaseUrl, join(folder, 'demo-people.json'));
const signsIn = async ({ email, password }: { email: string; password: string }) =>
  verifyPassword(password, (await findPersonByEmail(email, db))?.passwordHash ?? null);

test('the first start makes a person for each role, whose password is theirs alone and fits', async () => {
  const people = await seed();
  expect(people.map(({ role }) => role)).toEqual(['viewer', 'engineer', 'admin']);
  expect(new Set(people.map(({ password }) => password)).size).toBe(3);
  for (const person of people) expect(await signsIn(person)).toBe(true);
  expect((await stat(join(folder, 'demo-people.json'))).mode & 0o777).toBe(0o600);
});

test('a second start prints the same people and leaves their sessions alone', async () => {
  const people = await seed();
  const viewer = await findPersonByEmail(people[0]?.email ?? '', db);
  const session = await openSession(viewer?.id ?? '', db);
  expect(await seed()).toEqual(people);
  expect((await db.session.findUnique({ where: { id: session } }))?.revokedAt).toBeNull();
});

test('when the kept passwords are lost the people get new ones, and old sessions end', async () => {
  const [old] = await seed();
  const viewer = await findPersonByEmail(old?.email ?? '', db);
  const session = await openSession(viewer?.id ?? '', db);
  await rm(join(folder, 'demo-people.json'));
  const [renewed] = await seed();
  expect(renewed?.password).not.toBe(old?.password);
  expect(renewed && (await signsIn(renewed))).toBe(true);
  expect(old && (await signsIn(old))).toBe(false);
  expect((await db.session.findUnique({ where: { id: session } }))?.revokedAt).not.toBeNull();
});
