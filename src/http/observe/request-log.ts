/** Logs a line for each request, with the path pattern, but no header and no other value of the caller's. */
import type { RequestKind } from './request-counts.ts';

/** The values that differ between requests of the same kind. */
interface LoggedRequest {
  readonly request: string;
  readonly milliseconds: number;
  readonly actor: string | undefined;
}

/**
 * The common members of requests of the same kind are serialized once.
 *
 * @param write logs a line, given its members as JSON
 * @returns a function that logs a request. Requests of the same kind must pass the same `kind` object
 */
export function requestLog(write: (members: string) => void): (kind: RequestKind, request: LoggedRequest) => void {
  const written = new Map<RequestKind, string>();
  return (kind, { request, milliseconds, actor }) => {
    let members = written.get(kind);
    if (members === undefined) {
      const { method, route, status } = kind;
      members = JSON.stringify({ method, route, status }).slice(1, -1);
      written.set(kind, members);
    }
    const actorMember = actor === undefined ? '' : `,"actor":${JSON.stringify(actor)}`;
    // request ids need no escaping
    write(`${members},"request":"${request}","milliseconds":${milliseconds}${actorMember},"msg":"request"`);
  };
}
