import NextAuth from 'next-auth';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { startTestDatabase, type TestDatabase } from '@/prisma/testing/testDatabase';
import { database } from '../repos/database';
import { changeRole, savePerson } from '../repos/people';
import { revokeSessionsOf } from '../repos/sessions';
import { authOptions } from './authOptions';
import { hashPassword } from './password';
import { currentPrincipal, requirePermission, requirePrincipal } from './principal';
import { checkSignIn } from './signIn';

/** The cookies of the browser that the tests play; next/headers reads them as it would in a request. */
const jar = new Map<string, string>();
vi.mock('next/headers', () => ({
  headers: async () => new Headers(),
  cookies: async () => ({ getAll: () => [...jar].map(([name, value]) => ({ name, value })) }),
}));

let server: TestDatabase;
let personId: string;
const email = 'vera@weir.example';
const password = 'a right password';

beforeAll(async () => {
  server = await startTestDatabase();
  process.env.DATABASE_URL = server.databaseUrl;
  process.env.NEXTAUTH_SECRET = 'a secret of the tests';
  process.env.NEXTAUTH_URL = 'http://weir.test';
});
afterAll(async () => {
  await database().$disconnect();
  await server.stop();
});
beforeEach(async () => {
  jar.clear();
  await database().signInTry.deleteMany();
  await database().user.deleteMany();
  ({ id: personId } = await savePerson({
    email,
    name: 'Vera',
    role: 'viewer',
    passwordHash: await hashPassword(password, { logN: 10, r: 8, p: 1 }),
  }));
});

/** One request to next-auth, with the jar's cookies there and back. */
async function ask(
  method: 'GET' | 'POST',
  nextauth: string[],
  body: Record<string, string> = {},
  address = '192.0.2.1',
) {
  const answer: { status: number; location?: string; body?: unknown } = { status: 200 };
  const headers = new Map<string, string | string[]>();
  const response = {
    status: (status: number) => {
      answer.status = status;
      return response;
    },
    getHeader: (name: string) => headers.get(name.toLowerCase()),
    setHeader: (name: string, value: string | string[]) => {
      headers.set(name.toLowerCase(), value);
      return response;
    },
    json: (value: unknown) => {
      answer.body = value;
    },
    send: (value: unknown) => {
      answer.body = value;
    },
    end: () => {},
  };
  const request = {
    method,
    body,
    query: { nextauth },
    cookies: Object.fromEntries(jar),
    headers: { 'x-forwarded-for': address },
  };
  const handle: (req: unknown, res: unknown) => Promise<void> = NextAuth(authOptions);
  await handle(request, response);
  for (const line of [headers.get('set-cookie') ?? []].flat()) keepCookie(line);
  const location = headers.get('location');
  return typeof location === 'string' ? { ...answer, location } : answer;
}

function keepCookie(line: string): void {
  const [pair = '', ...attributes] = line.split('; ');
  const name = pair.slice(0, pair.indexOf('='));
  const value = decodeURIComponent(pair.slice(pair.indexOf('=') + 1));
  const expires = attributes.find((attribute) => attribute.startsWith('Expires='))?.slice(8);
  if (value === '' || (expires !== undefined && Date.parse(expires) < Date.now())) jar.delete(name);
  else jar.set(name, value);
}

async function signIn(
  credentials: { email: string; password: string },
  address?: string,
): Promise<string | null> {
  const { body } = await ask('GET', ['csrf']);
  const csrfToken = (body as { csrfToken: string }).csrfToken;
  const { location } = await ask('POST', ['callback', 'credentials'], { csrfToken, ...credentials }, address);
  return new URL(location ?? 'http://weir.test').searchParams.get('error');
}

async function signOut(): Promise<void> {
  const { body } = await ask('GET', ['csrf']);
  await ask('POST', ['signout'], { csrfToken: (body as { csrfToken: string }).csrfToken });
}

test('with the right password the next request knows the person', async () => {
  expect(await signIn({ email: ' Vera@WEIR.example ', password })).toBeNull();
  expect(await requirePrincipal()).toMatchObject({ personId, email, name: 'Vera', role: 'viewer' });
});

test('the browser is told name, address and role, and no session id', async () => {
  await signIn({ email, password });
  const { body } = await ask('GET', ['session']);
  expect(body).toEqual({ expires: expect.any(String), user: { name: 'Vera', email, role: 'viewer' } });
});

test('without signing in there is nobody', async () => {
  expect(await currentPrincipal()).toBeNull();
  await expect(requirePrincipal()).rejects.toMatchObject({ code: 'unauthenticated', status: 401 });
});

test('a wrong password and an unknown address are told the same, and open no session', async () => {
  expect(await signIn({ email, password: 'wrong' })).toBe('CredentialsSignin');
  expect(await signIn({ email: 'nobody@weir.example', password })).toBe('CredentialsSignin');
  expect(await database().session.count()).toBe(0);
  expect(await currentPrincipal()).toBeNull();
});

test('a cookie that somebody made up, or that another secret made, is nobody', async () => {
  jar.set('next-auth.session-token', 'made.up.token');
  expect(await currentPrincipal()).toBeNull();
  await signIn({ email, password });
  vi.stubEnv('NEXTAUTH_SECRET', 'another secret');
  expect(await currentPrincipal()).toBeNull();
  vi.unstubAllEnvs();
  expect(await currentPrincipal()).not.toBeNull();
});

test('a changed role counts from the next request on', async () => {
  await signIn({ email, password });
  await expect(requirePermission('people.manage')).rejects.toMatchObject({ code: 'forbidden', status: 403 });
  await changeRole(personId, 'admin', null);
  expect(await requirePermission('people.manage')).toMatchObject({ role: 'admin' });
  await changeRole(personId, 'viewer', null);
  await expect(requirePermission('people.manage')).rejects.toMatchObject({ code: 'forbidden' });
});

test('a revoked session is refused at the next request, with the cookie still there', async () => {
  await signIn({ email, password });
  expect(await revokeSessionsOf(personId)).toBe(1);
  expect(jar.has('next-auth.session-token')).toBe(true);
  await expect(requirePrincipal()).rejects.toMatchObject({ code: 'unauthenticated' });
  expect((await ask('GET', ['session'])).body).toEqual({});
  expect(jar.has('next-auth.session-token')).toBe(false);
});

test('signing out ends the session for a copy of the cookie too', async () => {
  await signIn({ email, password });
  const copy = jar.get('next-auth.session-token') ?? '';
  await signOut();
  expect(jar.has('next-auth.session-token')).toBe(false);
  jar.set('next-auth.session-token', copy);
  expect(await currentPrincipal()).toBeNull();
});

test('a session past its end is refused', async () => {
  await signIn({ email, password });
  await database().session.updateMany({ data: { expiresAt: new Date(Date.now() - 1000) } });
  expect(await currentPrincipal()).toBeNull();
});

test('a disabled person is signed out and cannot sign in', async () => {
  await signIn({ email, password });
  await database().user.update({ where: { id: personId }, data: { disabledAt: new Date() } });
  expect(await currentPrincipal()).toBeNull();
  expect(await signIn({ email, password })).toBe('CredentialsSignin');
});

test('while the database is away nobody is let in, nobody is signed out, and nothing of it is told', async () => {
  await signIn({ email, password });
  const { databaseUrl } = server;
  const away = new URL(databaseUrl);
  away.port = '1';
  vi.stubEnv('DATABASE_URL', away.href);
  try {
    await expect(requirePrincipal()).rejects.toMatchObject({ code: 'unavailable', status: 503 });
    expect((await ask('GET', ['session'])).body).not.toHaveProperty('user');
    expect(jar.has('next-auth.session-token')).toBe(true);
    expect(await signIn({ email, password })).toBe('Unavailable');
  } finally {
    vi.unstubAllEnvs();
  }
  expect(await requirePrincipal()).toMatchObject({ email });
});

test('after five wrong passwords even the right one has to wait, elsewhere it does not', async () => {
  for (let i = 0; i < 5; i += 1)
    expect(await signIn({ email, password: `wrong ${i}` })).toBe('CredentialsSignin');
  expect(await signIn({ email, password })).toMatch(/^TooManyTries:\d+$/);
  expect(await signIn({ email, password }, '198.51.100.9')).toBeNull();
});

test('many wrong passwords at one moment count each other', async () => {
  const tries = Array.from({ length: 12 }, (_, i) => checkSignIn(email, `wrong ${i}`, '192.0.2.1'));
  const reasons = (await Promise.all(tries)).map((result) => (result.ok ? 'ok' : result.reason));
  expect(reasons.filter((reason) => reason === 'wrong').length).toBeLessThanOrEqual(5);
  expect(reasons).not.toContain('ok');
});

test('a success makes up for the tries before it, and old tries do not count', async () => {
  for (let i = 0; i < 4; i += 1) await signIn({ email, password: 'wrong' });
  expect(await signIn({ email, password })).toBeNull();
  expect(await database().signInTry.count()).toBe(0);
  for (let i = 0; i < 5; i += 1) await signIn({ email, password: 'wrong' });
  await database().signInTry.updateMany({ data: { at: new Date(Date.now() - 16 * 60_000) } });
  expect(await signIn({ email, password })).toBeNull();
});

test('who signed in, who was refused and who left stands in the audit log, without a password', async () => {
  await database().auditEvent.deleteMany();
  await signIn({ email, password: 'wrong secret' });
  await signIn({ email, password });
  await signOut();
  const events = await database().auditEvent.findMany({ orderBy: { at: 'asc' } });
  expect(events.map(({ action, actorEmail }) => [action, actorEmail])).toEqual([
    ['sign_in.refused', null],
    ['session.started', email],
    ['session.ended', email],
  ]);
  expect(JSON.stringify(events)).not.toContain('wrong secret');
});
