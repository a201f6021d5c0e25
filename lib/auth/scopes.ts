/** What a token may be allowed to do. Tokens are for programs: nobody signs in with one, and no session has a scope. */
export const scopes = ['ingest'] as const;
export type Scope = (typeof scopes)[number];

export function isScope(text: string): text is Scope {
  return scopes.some((scope) => scope === text);
}

/** The program behind a request, as our own table said at the time of the request. */
export interface TokenPrincipal {
  /** UUID. */
  tokenId: string;
  name: string;
  scopes: readonly Scope[];
}
