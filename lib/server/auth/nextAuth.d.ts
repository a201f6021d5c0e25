import type { DefaultSession } from 'next-auth';
import type { Role } from '@/lib/auth/permissions';

declare module 'next-auth' {
  /** What the browser is told about itself; no user while the database is away. */
  interface Session {
    user?: { role: Role } & DefaultSession['user'];
  }
}
