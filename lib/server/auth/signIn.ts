import 'server-only';
import { log } from '../log';
import { recordAudit } from '../repos/audit';
import { findPersonByEmail, type Person } from '../repos/people';
import { beginTry, forgetTries } from '../repos/signInTries';
import { verifyPassword } from './password';

/** Outcome of a try to sign in. Nothing in it tells whether the address is known. */
export type SignInResult =
  | { ok: true; person: Person }
  | { ok: false; reason: 'wrong' }
  | { ok: false; reason: 'too_many'; retryAfterSeconds: number };

/**
 * Checks an e-mail address and a password.
 * @param address network address of the caller, for limiting tries
 */
export async function checkSignIn(email: string, password: string, address: string): Promise<SignInResult> {
  const started = await beginTry(email, address);
  if (!started.allowed) {
    // Not in the audit log, which somebody who knocks on all day would fill.
    log.warn({ address, retryAfterSeconds: started.retryAfterSeconds }, 'too many tries to sign in');
    return { ok: false, reason: 'too_many', retryAfterSeconds: started.retryAfterSeconds };
  }
  const found = await findPersonByEmail(email);
  // Always worked through, so that an unknown or disabled person takes as long as a wrong password.
  const right = await verifyPassword(password, found?.passwordHash ?? null);
  if (!right || found === null || found.disabled) {
    await recordAudit({
      actor: null,
      action: 'sign_in.refused',
      detail: { email: email.slice(0, 320), address },
    });
    return { ok: false, reason: 'wrong' };
  }
  await forgetTries(email, address);
  return { ok: true, person: { id: found.id, email: found.email, name: found.name, role: found.role } };
}
