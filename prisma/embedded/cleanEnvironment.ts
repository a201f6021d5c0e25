/** The environment without what would change PostgreSQL's own settings (PGDATA, PGPORT …) or add to our Node children. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  for (const name of Object.keys(env)) {
    if (name.startsWith('PG') || name === 'NODE_OPTIONS') delete env[name];
  }
  return env;
}
