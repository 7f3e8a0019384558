/** Lets a request pass to its route: who sends it, how many requests that one has sent, and whether its role may. */
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
  /** Where it is reached from outside. */
  readonly origin: URL | undefined;
  /** Requests of one token, or of this machine, in a minute. */
  readonly requestsPerMinute: number;
}

/**
 * @returns a check that notes in a request who sends it. It returns a promise only where it has to wait, which most requests need not. It throws,
 * or rejects with, a Problem 401, 403 or 429 for a request that may not go on
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

/** How often the caller of an answer without an end is looked at again. */
const RECHECK_MILLISECONDS = 1000;

/**
 * Follows who gets an answer without an end.
 *
 * @param closed is aborted when the answer is over
 * @returns is aborted when the token or the session of the request is revoked, closed or expired
 */
export function accessEnd(request: FastifyRequest, authenticator: Authenticator, closed: AbortSignal): AbortSignal {
  const ended = new AbortController();
  const recheck = async () => {
    try {
      await authenticator.actorOf(credentialsOf(request));
    } catch (error) {
      // a database that cannot be asked says nothing about the token
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
  // a browser keeps the cookie of a session that has ended: it has to get the page, and to log in
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

/** @throws Problem 401 or 403; a refused write is in the audit log */
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
