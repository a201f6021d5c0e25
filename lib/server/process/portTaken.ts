import 'server-only';

/** The port that a server was to have belongs to another program. */
export class PortTakenError extends Error {
  override name = 'PortTakenError';
  /** @param server such as "ClickHouse (HTTP)" */
  constructor(
    server: string,
    readonly port: number,
  ) {
    super(
      `Port ${port} on 127.0.0.1, for ${server}, is taken by another program. End that program, or let Weir choose a free port.`,
    );
  }
}
