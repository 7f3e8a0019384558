/** A line of the log for each request. It has the pattern of the path, and no header and no value of the caller's. */
import type { Logger } from 'pino';
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
 * @returns logs a request, whose kind is the same object as that of others of the kind
 */
export function requestLog(logger: Logger): (kind: RequestKind, request: LoggedRequest) => void {
  const loggers = new Map<RequestKind, Logger>();
  return (kind, request) => {
    let child = loggers.get(kind);
    if (child === undefined) {
      const { method, route, status } = kind;
      child = logger.child({ method, route, status });
      loggers.set(kind, child);
    }
    child.info(request, 'request');
  };
}
