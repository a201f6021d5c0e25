import { expect, test } from 'vitest';
import { type Cost, hashPassword, maxPasswordLength, verifyPassword } from './password';

/** Cheap, so that the tests take no time; what is stored says so. */
const cheap: Cost = { logN: 8, r: 8, p: 1 };

test('a password is recognised by its hash, and another one is not', async () => {
  const hash = await hashPassword('correct horse', cheap);
  expect(await verifyPassword('correct horse', hash)).toBe(true);
  expect(await verifyPassword('correct horse ', hash)).toBe(false);
});

test('two hashes of one password differ', async () => {
  expect(await hashPassword('same', cheap)).not.toBe(await hashPassword('same', cheap));
});

test('a hash made with other costs is still recognised', async () => {
  // scrypt of "password" with the salt "NaCl", N = 1024, r = 8, p = 16: the first 32 bytes of RFC 7914's second vector.
  const key = Buffer.from('fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162', 'hex');
  const hash = `scrypt$10$8$16$${Buffer.from('NaCl').toString('base64url')}$${key.toString('base64url')}`;
  expect(await verifyPassword('password', hash)).toBe(true);
});

test('both Unicode forms of a letter are one password', async () => {
  expect(await verifyPassword('caf\u0065\u0301', await hashPassword('caf\u00e9', cheap))).toBe(true);
});

test('without a hash, or with a broken one, nothing fits', async () => {
  expect(await verifyPassword('', null)).toBe(false);
  expect(await verifyPassword('x', 'scrypt$15$8$3$AAAA$AAAA')).toBe(false);
});

test('an unknown person takes as long as a wrong password', async () => {
  const hash = await hashPassword('right');
  const best = { known: Number.POSITIVE_INFINITY, unknown: Number.POSITIVE_INFINITY };
  const time = async (who: keyof typeof best, stored: string | null) => {
    const start = performance.now();
    await verifyPassword('wrong', stored);
    best[who] = Math.min(best[who], performance.now() - start);
  };
  // By turns, and the best of each, so that another process on this machine does not decide.
  for (let i = 0; i < 4; i += 1) {
    await time('known', hash);
    await time('unknown', null);
  }
  expect(best.unknown / best.known).toBeGreaterThan(1 / 3);
  expect(best.unknown / best.known).toBeLessThan(3);
}, 30_000);

test('a password too long to be one is refused without work', async () => {
  expect(await verifyPassword('x'.repeat(maxPasswordLength + 1), null)).toBe(false);
});
