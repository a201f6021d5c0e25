import 'server-only';
import type { NextAuthOptions } from 'next-auth';
import CredentialsProvider from 'next-auth/providers/credentials';
import { z } from 'zod';
import { recordAudit } from '../repos/audit';
import { openSession, readSession, revokeSession, sessionSeconds } from '../repos/sessions';
import { callerAddress } from './callerAddress';
import { checkSignIn } from './signIn';

const credentials = z.object({ email: z.string().min(1).max(320), password: z.string().min(1) });

/** What the encrypted cookie holds: the id of our own session row, and nothing about the person. */
export const sessionToken = z.object({ sid: z.uuid() });

/**
 * Sign-in with an address and a password. The cookie is next-auth's encrypted JWT, but what it stands for is decided by
 * our own session row on every request.
 *
 * Failed tries reach the sign-in page as `result.error`: `CredentialsSignin` (wrong address or password) or
 * `TooManyTries:SECONDS`.
 */
export const authOptions: NextAuthOptions = {
  providers: [
    CredentialsProvider({
      name: 'password',
      credentials: {
        email: { label: 'E-mail', type: 'email' },
        password: { label: 'Password', type: 'password' },
      },
      async authorize(input, request) {
        const parsed = credentials.safeParse(input);
        if (!parsed.success) return null;
        const { email, password } = parsed.data;
        const result = await checkSignIn(email, password, callerAddress(request.headers ?? {}));
        if (result.ok) return { id: result.person.id, email: result.person.email, name: result.person.name };
        if (result.reason === 'too_many') throw new Error(`TooManyTries:${result.retryAfterSeconds}`);
        return null;
      },
    }),
  ],
  pages: { signIn: '/login', signOut: '/login', error: '/login' },
  session: { strategy: 'jwt', maxAge: sessionSeconds },
  callbacks: {
    async jwt({ token, user }) {
      if (user) {
        const sid = await openSession(user.id);
        await recordAudit({
          actor: { personId: user.id, email: user.email ?? '' },
          action: 'session.started',
          target: `person:${user.id}`,
        });
        return { sid };
      }
      const { sid } = sessionToken.parse(token);
      // next-auth answers an error here by taking the cookie away, which is right for an ended session.
      if ((await readSession(sid)) === null) throw new Error('session has ended');
      return { sid };
    },
    async session({ session, token }) {
      const principal = await readSession(sessionToken.parse(token).sid);
      if (principal === null) throw new Error('session has ended');
      const { name, email, role } = principal;
      return { expires: session.expires, user: { name, email, role } };
    },
  },
  events: {
    async signOut({ token }) {
      const parsed = sessionToken.safeParse(token);
      if (!parsed.success) return;
      const actor = await revokeSession(parsed.data.sid);
      if (actor !== null) {
        await recordAudit({ actor, action: 'session.ended', target: `person:${actor.personId}` });
      }
    },
  },
  logger: {
    // Ended sessions and wrong cookies are everyday events; next-auth would print a stack for each.
    error(code, metadata) {
      if (code === 'JWT_SESSION_ERROR') return;
      process.stderr.write(`next-auth ${code}: ${detailOf(metadata)}\n`);
    },
    warn() {},
    debug() {},
  },
};

function detailOf(metadata: unknown): string {
  const error = z.object({ error: z.instanceof(Error) }).safeParse(metadata);
  if (error.success) return error.data.error.message;
  return metadata instanceof Error ? metadata.message : 'no detail';
}
