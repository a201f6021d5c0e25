import 'server-only';
import { randomUUID } from 'node:crypto';
import type { Scope, TokenPrincipal } from '@/lib/auth/scopes';
import { requireScope } from './auth/tokenPrincipal';
import { failure, reply } from './replies';

export interface TokenContext {
  requestId: string;
  token: TokenPrincipal;
  /** aborted when the client has gone */
  signal: AbortSignal;
}

/** What a handler answers: a body that is JSON already, and headers. */
export interface TokenReply {
  json: string;
  headers?: Record<string, string>;
}

/**
 * The wrapper of routes for programs, beside `route()` for people: the principal is a token with a scope, read from the
 * Authorization header alone. A session means nothing here, and a token nothing there. Errors have the same envelope.
 */
export function tokenRoute(options: {
  /** for logs */
  name: string;
  scope: Scope;
  handle(request: Request, context: TokenContext): Promise<TokenReply>;
}) {
  return async (request: Request): Promise<Response> => {
    const requestId = randomUUID();
    try {
      const token = await requireScope(request, options.scope);
      const { json, headers } = await options.handle(request, { requestId, token, signal: request.signal });
      const empty = reply(null, 200, requestId, headers);
      // Written out already: whole numbers in it may have more digits than JSON.stringify can write.
      return new Response(json, { status: 200, headers: empty.headers });
    } catch (error) {
      return failure(error, options.name, requestId, request.signal.aborted);
    }
  };
}
