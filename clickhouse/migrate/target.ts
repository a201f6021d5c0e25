/** The part of a configured ClickHouse that migrations need. A whole `ClickHouseTarget` fits. */
export interface MigrationTarget {
  /** HTTP address, for example `http://127.0.0.1:8123`. */
  url: string;
  database: string;
  /** Name of the cluster in `remote_servers`, or null for a single node. */
  cluster: string | null;
  /** May create and alter everything in the database. */
  owner: { user: string; password: string };
  /** Dictionaries read the reference tables as this user. */
  dictionary: { user: string; password: string };
}
