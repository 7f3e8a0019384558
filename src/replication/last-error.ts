/** The last error of a running process, for its health check. */
import { timestamp } from '../shared/environment.ts';
import type { RemoteTransport } from './transport/transport.ts';

export interface LastError {
  readonly message: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

export function errorNow({ message }: Error): LastError {
  return { message, at: timestamp() };
}

/** The last failure, or else the lost connection: while it is lost, nothing is attempted that could fail. */
export function lastErrorOf(
  remote: Pick<RemoteTransport, 'lostAt' | 'server'> | undefined,
  failed: LastError | null,
): LastError | null {
  return failed === null && remote?.lostAt !== undefined
    ? { message: `The connection to ${remote.server} is lost; it is tried again.`, at: remote.lostAt }
    : failed;
}
