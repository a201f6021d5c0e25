import { parseArgs } from 'node:util';
import { isScope, type Scope, scopes } from '@/lib/auth/scopes';
import { type ApiToken, createToken, listTokens, revokeToken } from '@/lib/server/repos/apiTokens';
import { openDatabase } from '@/lib/server/repos/database';
import { migratePostgres } from '@/prisma/migrate';
import { withTargets } from './engines/withTargets';
import { explainError } from './explainError';

const usage = `Usage: npm run token -- create --name NAME --scope ${scopes.join('|')} [--expires 90d]
       npm run token -- list
       npm run token -- revoke NAME|ID

Tokens are for programs that send records to POST /api/ingest. A token is printed once, when it is made; only its hash is kept.
--expires takes days (90d) or hours (12h); without it the token holds until it is revoked.
`;

type Asked =
  | { action: 'help' | 'list' }
  | { action: 'create'; name: string; scopes: Scope[]; lifetimeMs: number | null }
  | { action: 'revoke'; which: string };

function readArguments(args: string[]): Asked {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      name: { type: 'string' },
      scope: { type: 'string', multiple: true },
      expires: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return { action: 'help' };
  const [action, which, ...rest] = positionals;
  if (rest.length > 0) throw new Error(`"${rest[0]}" is one word too many`);
  if (action === 'list') return { action };
  if (action === 'revoke') {
    if (which === undefined) throw new Error('name the token to revoke; npm run token -- list shows them');
    return { action, which };
  }
  if (action !== 'create') throw new Error('say create, list or revoke');
  if (values.name === undefined || !/^[\w.@-]{1,64}$/.test(values.name)) {
    throw new Error('--name is missing, or has other signs than letters, digits and . _ - @');
  }
  const wanted = values.scope ?? [];
  if (wanted.length === 0) throw new Error(`--scope is missing: pass one of ${scopes.join(', ')}`);
  const known = wanted.filter(isScope);
  if (known.length < wanted.length) {
    throw new Error(
      `--scope is "${wanted.find((one) => !isScope(one))}": the scopes are ${scopes.join(', ')}`,
    );
  }
  return { action, name: values.name, scopes: known, lifetimeMs: lifetime(values.expires) };
}

function lifetime(text: string | undefined): number | null {
  if (text === undefined) return null;
  const [, count, unit] = /^(\d{1,5})([dh])$/.exec(text) ?? [];
  const ms = Number(count) * (unit === 'd' ? 86_400_000 : 3_600_000);
  if (!(ms > 0)) throw new Error(`--expires is "${text}": give days or hours, for example 90d or 12h`);
  return ms;
}

/** Exit codes: 0 = done, 1 = failed (the message says why), 2 = wrong arguments. */
async function main(): Promise<number> {
  let asked: Asked;
  try {
    asked = readArguments(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${explainError(error)}\n\n${usage}`);
    return 2;
  }
  if (asked.action === 'help') {
    process.stdout.write(usage);
    return 0;
  }
  const wanted = asked;
  return withTargets(async ({ databaseUrl }) => {
    await migratePostgres(databaseUrl);
    const db = openDatabase(databaseUrl);
    try {
      if (wanted.action === 'create') {
        const expiresAt = wanted.lifetimeMs === null ? null : new Date(Date.now() + wanted.lifetimeMs);
        const { token } = await createToken(
          { name: wanted.name, scopes: wanted.scopes, expiresAt },
          null,
          db,
        );
        process.stderr.write(
          `Made ${wanted.name} (${wanted.scopes.join(', ')}), ${expiresAt === null ? 'without end' : `until ${day(expiresAt)}`}. The token, shown only now:\n`,
        );
        process.stdout.write(`${token}\n`);
        return 0;
      }
      if (wanted.action === 'revoke') {
        if (await revokeToken(wanted.which, null, db)) {
          process.stdout.write(`Revoked ${wanted.which}: requests with it are refused from now on.\n`);
          return 0;
        }
        process.stderr.write(`No token "${wanted.which}" is in use. npm run token -- list shows them.\n`);
        return 1;
      }
      const tokens = await listTokens(db);
      process.stdout.write(
        tokens.length === 0 ? 'There are no tokens.\n' : `${tokens.map(tokenLine).join('\n')}\n`,
      );
      return 0;
    } finally {
      await db.$disconnect();
    }
  });
}

function tokenLine(token: ApiToken): string {
  const state =
    token.revokedAt !== null
      ? `revoked ${day(token.revokedAt)}`
      : token.expiresAt === null
        ? 'in use'
        : `${token.expiresAt.getTime() <= Date.now() ? 'expired' : 'until'} ${day(token.expiresAt)}`;
  const used = token.lastUsedAt === null ? 'never used' : `last used ${day(token.lastUsedAt)}`;
  const by = token.createdBy === null ? 'made on the command line' : `made by ${token.createdBy}`;
  return `${token.id}  ${token.name}  ${token.scopes.join(' ')}  ${state}, ${used}, ${by}`;
}

function day(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${explainError(error)}\n`);
    process.exitCode = 1;
  },
);
