/** Access control: authenticates a request, limits the request rate of its sender, and checks the sender's role. */
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Actor, Route } from '../../config/route.ts';
import { setTimer } from '../../shared/environment.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { Problem } from '../problem.ts';
import { complete, recordOf } from '../route/register.ts';
import { refuseCrossSite } from '../security/cross-site.ts';
import { isForwarded } from '../security/forwarded.ts';
import { RequestLimit } from '../security/rate-limits.ts';
import { ANONYMOUS, type Authenticator, type Credentials, hasRole, unauthenticated } from './authenticator.ts';
import { sessionIn } from './sessions.ts';

export interface AccessControl {
  readonly authenticator: Authenticator;
  readonly audit: AuditLog;
  readonly logger: Logger | undefined;
  /** The public origin of the server. */
  readonly origin: URL | undefined;
  /** The rate limit of a token, or of this machine. */
  readonly requestsPerMinute: number;
}

/**
 * @returns a check that records in a request who sends it. It returns a promise only where it has to wait, which is rare. It throws, or
 *   rejects with, a Problem 401, 403 or 429 for a request that is refused
 */
export function accessControl(
  parts: AccessControl,
): (route: Route, request: FastifyRequest) => Promise<void> | undefined {
  const limit = new RequestLimit(parts.requestsPerMinute);
  const admit = (route: Route, request: FastifyRequest, actor: Actor): Promise<void> | undefined => {
    limit.count(actor === ANONYMOUS ? request.ip : actor.id);
    request.actor = actor;
    if (route.role === 'public' || hasRole(actor, route.role)) {
      return undefined;
    }
    return refuse(route, request, actor, parts);
  };
  return (route, request) => {
    const actor = authenticate(route, request, parts);
    return actor instanceof Promise
      ? actor.then((found) => admit(route, request, found))
      : admit(route, request, actor);
  };
}

/** How often the caller of an endless response is authenticated again. */
const RECHECK_MILLISECONDS = 1000;

/**
 * Repeatedly authenticates the caller of an endless response.
 *
 * @param closed aborted when the response has ended
 * @returns a signal that is aborted when the token or the session of the request is revoked, closed or expired
 */
export function accessEnd(request: FastifyRequest, authenticator: Authenticator, closed: AbortSignal): AbortSignal {
  const ended = new AbortController();
  const recheck = async () => {
    try {
      await authenticator.actorOf(credentialsOf(request));
    } catch (error) {
      // a failing database does not mean that the token is invalid
      if (error instanceof Problem && error.status === 401) {
        ended.abort();
      }
    }
    if (!ended.signal.aborted && !closed.aborted) {
      follow();
    }
  };
  const follow = () => {
    const cancel = setTimer(
      RECHECK_MILLISECONDS,
      () => {
        closed.removeEventListener('abort', cancel);
        void recheck();
      },
      { unref: true },
    );
    closed.addEventListener('abort', cancel, { once: true });
  };
  follow();
  return ended.signal;
}

function credentialsOf(request: FastifyRequest): Credentials {
  const { headers } = request;
  return {
    authorization: headers.authorization,
    session: sessionIn(headers.cookie),
    isForwarded: isForwarded(headers),
    address: request.ip,
  };
}

function authenticate(
  route: Route,
  request: FastifyRequest,
  { authenticator, origin }: AccessControl,
): Actor | Promise<Actor> {
  const { headers, method } = request;
  const credentials = credentialsOf(request);
  const { authorization, session } = credentials;
  if (method !== 'GET' && method !== 'HEAD' && authorization === undefined) {
    refuseCrossSite(headers, session !== undefined, origin);
  }
  const actor = authenticator.actorOf(credentials);
  // a browser keeps the cookie of a session that has ended: it must still be able to load the page and log in
  return actor instanceof Promise && route.role === 'public' && authorization === undefined
    ? actor.catch(anonymousInstead)
    : actor;
}

function anonymousInstead(error: unknown): Actor {
  if (error instanceof Problem) {
    return ANONYMOUS;
  }
  throw error;
}

/** @throws Problem 401 or 403; a refused write is recorded in the audit log */
async function refuse(route: Route, request: FastifyRequest, actor: Actor, parts: AccessControl): Promise<void> {
  if (actor === ANONYMOUS) {
    throw unauthenticated('This request needs a token.');
  }
  if (route.method !== 'GET') {
    await parts.audit.start(recordOf(route, request, actor));
    await complete({ id: request.id, subject: null, status: 403, code: 'forbidden' }, parts);
  }
  throw new Problem(
    403,
    'forbidden',
    `This request needs the role ${route.role}, and the token has the role ${actor.role}.`,
  );
}
