import 'server-only';
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

export interface Cost {
  /** Binary logarithm of scrypt's N. */
  logN: number;
  r: number;
  p: number;
}

/** scrypt with 32 MiB and three passes, one of the equal settings that OWASP recommends; about 0.2 s on one core. */
const current: Cost = { logN: 15, r: 8, p: 3 };
const keyLength = 32;
/** A longer "password" is an attack on the server's time. */
export const maxPasswordLength = 1024;

/**
 * Hashes a password for storing, with its parameters and a salt of its own: `scrypt$15$8$3$salt$key`.
 * @param cost only for tests, which would spend most of their time here
 */
export async function hashPassword(password: string, cost: Cost = current): Promise<string> {
  const salt = randomBytes(16);
  const { logN, r, p } = cost;
  const key = await derive(password, salt, cost);
  return ['scrypt', logN, r, p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/**
 * Whether a password is the one that was hashed. Without a hash (nobody has this address, or no password is set) it
 * works as long and says no, so that the time does not tell who exists.
 */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  if (password.length > maxPasswordLength) return false;
  const parsed = hash === null ? null : parse(hash);
  const { salt, key, ...cost } = parsed ?? {
    ...current,
    salt: Buffer.alloc(16),
    key: Buffer.alloc(keyLength),
  };
  const derived = await derive(password, salt, cost);
  return timingSafeEqual(derived, key) && parsed !== null;
}

function parse(hash: string): (Cost & { salt: Buffer; key: Buffer }) | null {
  const match = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([\w-]+)\$([\w-]+)$/.exec(hash);
  if (match === null) return null;
  const [, logN = '', r = '', p = '', salt = '', key = ''] = match;
  const decoded = Buffer.from(key, 'base64url');
  if (decoded.length !== keyLength) return null;
  return {
    logN: Number(logN),
    r: Number(r),
    p: Number(p),
    salt: Buffer.from(salt, 'base64url'),
    key: decoded,
  };
}

function derive(password: string, salt: Buffer, { logN, r, p }: Cost): Promise<Buffer> {
  const options = { N: 2 ** logN, r, p, maxmem: 256 * r * 2 ** logN };
  return new Promise((resolve, reject) => {
    // The same password may reach us as different Unicode sequences, depending on the keyboard.
    scrypt(password.normalize('NFKC'), salt, keyLength, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
