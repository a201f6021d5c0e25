import 'server-only';
import type { Scope, TokenPrincipal } from '@/lib/auth/scopes';
import { AppError } from '../errors';
import { readToken } from '../repos/apiTokens';

/**
 * The program behind this request, if its token has the scope. Reads the token's row each time, so that a revocation counts at once.
 * @throws AppError `unauthenticated`, `forbidden`, `unavailable`
 */
export async function requireScope(request: Request, scope: Scope): Promise<TokenPrincipal> {
  const given = /^Bearer +(\S+) *$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  if (given === undefined) {
    throw new AppError(
      'unauthenticated',
      'The request has no token.',
      'Send the header "Authorization: Bearer weir_…". Make a token with: npm run token -- create --name NAME --scope ingest',
    );
  }
  let principal: TokenPrincipal | null;
  try {
    principal = await readToken(given);
  } catch (cause) {
    throw new AppError(
      'unavailable',
      'The database of tokens does not answer.',
      'Send the same request again in a moment. Otherwise run `npm run doctor`.',
      { cause, retryAfterSeconds: 5 },
    );
  }
  if (principal === null) {
    throw new AppError(
      'unauthenticated',
      'The token is unknown, revoked or expired.',
      'See the tokens with: npm run token -- list',
    );
  }
  if (!principal.scopes.includes(scope)) {
    throw new AppError(
      'forbidden',
      `The token "${principal.name}" does not have the scope ${scope}.`,
      `Make one that has it: npm run token -- create --name NAME --scope ${scope}`,
    );
  }
  return principal;
}
