/** The account that owns the embedded server. */
export const POSTGRES_USER = 'weir';

/** How the embedded server is reached. */
export function postgresUrl(options: { port: number; database: string; password: string }): string {
  return `postgresql://${POSTGRES_USER}:${encodeURIComponent(options.password)}@127.0.0.1:${options.port}/${options.database}`;
}
