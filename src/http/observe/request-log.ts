/** A line of the log for each request. It has the pattern of the path, and no header and no value of the caller's. */
import type { RequestKind } from './request-counts.ts';

/** What differs between the requests of a kind. */
interface LoggedRequest {
  readonly request: string;
  readonly milliseconds: number;
  readonly actor: string | undefined;
}

/**
 * What requests of a kind have in common is written as JSON once.
 *
 * @param write takes the members of a line, as JSON
 * @returns logs a request, whose kind is the same object as that of others of the kind
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
    // an id of a request has nothing to escape
    write(`${members},"request":"${request}","milliseconds":${milliseconds}${actorMember},"msg":"request"`);
  };
}
