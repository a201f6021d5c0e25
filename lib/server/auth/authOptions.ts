import 'server-only';
import type { NextAuthOptions } from 'next-auth';
import CredentialsProvider from 'next-auth/providers/credentials';
import { z } from 'zod';
import type { Principal } from '@/lib/auth/principal';
import { log } from '../log';
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
 * Failed tries reach the sign-in page as `result.error`: `CredentialsSignin` (wrong address or password),
 * `TooManyTries:SECONDS`, or `Unavailable` (the database does not answer).
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
        const result = await checkSignIn(email, password, callerAddress(request.headers ?? {})).catch(
          (err: unknown) => {
            // next-auth puts the message of an error into the address of the page: ours stays in the log.
            log.error({ err }, 'signing in failed');
            throw new Error('Unavailable');
          },
        );
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
      // next-auth answers an error here by taking the cookie away, which is right for an ended session only.
      if ((await told(sid)) === null) throw new Error('session has ended');
      return { sid };
    },
    async session({ session, token }) {
      const principal = await told(sessionToken.parse(token).sid);
      if (principal === null) throw new Error('session has ended');
      if (principal === 'unavailable') return { expires: session.expires };
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
      if (code !== 'JWT_SESSION_ERROR') log.error({ err: errorOf(metadata) }, `next-auth: ${code}`);
    },
    warn() {},
    debug() {},
  },
};

/** What the tables say of a session. A database that is away is no reason to take a cookie away. */
async function told(sid: string): Promise<Principal | null | 'unavailable'> {
  try {
    return await readSession(sid);
  } catch (err) {
    log.error({ err }, 'a session could not be read');
    return 'unavailable';
  }
}

function errorOf(metadata: unknown): unknown {
  const wrapped = z.object({ error: z.instanceof(Error) }).safeParse(metadata);
  return wrapped.success ? wrapped.data.error : metadata;
}
