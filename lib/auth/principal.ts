import type { Role } from './permissions';

/** The person behind a request, as our own tables said at the time of the request. */
export interface Principal {
  /** UUID. */
  personId: string;
  /** UUID of the session row. Never leaves the server. */
  sessionId: string;
  name: string;
  email: string;
  role: Role;
}
