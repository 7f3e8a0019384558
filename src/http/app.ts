/** Builds the server from its routes: what every request passes before its route, and what every answer has. */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Actor, Route } from '../config/route.ts';
import { newId } from '../shared/ids.ts';
import { importFor } from '../shared/optional.ts';
import type { AuditLog } from './audit/audit-log.ts';
import { ANONYMOUS, type Authenticator, hasRole, unauthenticated } from './auth/authenticator.ts';
import { SESSION_COOKIE } from './auth/sessions.ts';
import type { OpenDatabases } from './databases.ts';
import type { Metrics } from './observe/metrics.ts';
import { PROBLEM, Problem, problemBody, problemOf } from './problem.ts';
import { addBodyReading, MAX_BODY_BYTES } from './route/body.ts';
import { complete, recordOf, registerRoutes, routeOf } from './route/register.ts';
import { refuseCrossSite } from './security/cross-site.ts';
import { isForwarded } from './security/forwarded.ts';
import { HTTPS_HEADERS, SECURITY_HEADERS } from './security/headers.ts';
import { allowedHosts, misdirected } from './security/hosts.ts';
import { problemOfFramework, refuseConnection } from './security/malformed.ts';
import { RequestLimit } from './security/rate-limits.ts';

export interface AppParts {
  readonly routes: readonly Route[];
  readonly databases: OpenDatabases;
  readonly authenticator: Authenticator;
  readonly audit: AuditLog;
  readonly metrics: Metrics;
  /** The address that it is bound to. */
  readonly host: string;
  /** Where it is reached from outside. */
  readonly origin: URL | undefined;
  /** Requests of one token, or of this machine, in a minute. */
  readonly requestsPerMinute: number;
  /** How long the header of a request, and a body that is no stream, may take to arrive. */
  readonly arrivalMilliseconds: number | undefined;
  /** What happens is logged here. */
  readonly logger: Logger | undefined;
}

/** A header has to arrive within this time, and data has to keep coming. */
const HEADERS_MILLISECONDS = 10_000;
const IDLE_MILLISECONDS = 60_000;

/** Segments of paths are keys of rows. */
const MAX_SEGMENT_CHARACTERS = 4096;

/** Not ready to listen: `inject` and `listen` both make it so. */
export async function buildApp(parts: AppParts): Promise<FastifyInstance> {
  const { fastify, cookie } = await importFor('The HTTP API', async () => ({
    fastify: (await import('fastify')).default,
    cookie: (await import('@fastify/cookie')).default,
  }));
  const app: FastifyInstance = fastify({
    genReqId: () => newId(),
    requestIdHeader: false,
    bodyLimit: MAX_BODY_BYTES,
    connectionTimeout: IDLE_MILLISECONDS,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: MAX_SEGMENT_CHARACTERS },
    http: {
      headersTimeout: parts.arrivalMilliseconds ?? HEADERS_MILLISECONDS,
      connectionsCheckingInterval: Math.min(1000, parts.arrivalMilliseconds ?? 1000),
      requireHostHeader: false,
    },
    // bodies are taken as they are: nothing is converted, filled in or left out
    ajv: {
      customOptions: {
        coerceTypes: false,
        useDefaults: false,
        removeAdditional: false,
        allErrors: true,
        strict: false,
      },
    },
    frameworkErrors: (error, request, reply) => answerProblem(parts, error, request as never, reply as never),
    clientErrorHandler: refuseConnection,
  });
  const actors = new WeakMap<FastifyRequest, Actor>();
  const stopping = new AbortController();
  app.addHook('preClose', async () => stopping.abort());
  await app.register(cookie);
  addAnswerHeaders(app, parts);
  addObservation(app, parts, actors);
  addHostCheck(app, parts);
  const limit = new RequestLimit(parts.requestsPerMinute);
  app.addHook('onRequest', async (request) => {
    const route = routeOf(request);
    if (route === undefined) {
      return;
    }
    const actor = await authenticate(route, request, parts);
    limit.count(actor === ANONYMOUS ? request.ip : actor.id);
    actors.set(request, actor);
    if (route.role !== 'public') {
      await authorize(route, request, actor, parts);
    }
  });
  addBodyReading(app, routeOf, parts.arrivalMilliseconds);
  app.setErrorHandler((error: FastifyError, request, reply) => answerProblem(parts, error, request, reply));
  app.setNotFoundHandler(() => {
    throw new Problem(404, 'unknown', 'There is no such path. /openapi.json lists those that there are.');
  });
  registerRoutes(app, parts.routes, {
    databases: parts.databases,
    audit: parts.audit,
    logger: parts.logger,
    stopping: stopping.signal,
    actorOf: (request) => actors.get(request) ?? ANONYMOUS,
  });
  return app;
}

function addAnswerHeaders(app: FastifyInstance, { origin }: AppParts): void {
  const headers = { ...SECURITY_HEADERS, ...(origin?.protocol === 'https:' ? HTTPS_HEADERS : {}) };
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers).header('x-request-id', request.id);
    done();
  });
}

/** A line of the log has the pattern of the path, and no header and no value of the caller's. */
function addObservation(
  app: FastifyInstance,
  { metrics, logger }: AppParts,
  actors: WeakMap<FastifyRequest, Actor>,
): void {
  app.addHook('onResponse', (request, reply, done) => {
    const { method } = request;
    const found = routeOf(request);
    const route = found?.path ?? 'none';
    const { statusCode: status } = reply;
    metrics.observe({ method, route, status }, found?.isEndless ? undefined : reply.elapsedTime / 1000);
    const actor = actors.get(request)?.id;
    const milliseconds = Math.round(reply.elapsedTime);
    logger?.info({ request: request.id, method, route, status, milliseconds, actor }, 'request');
    done();
  });
}

function addHostCheck(app: FastifyInstance, { host, origin }: AppParts): void {
  const isAllowed = allowedHosts(host, origin);
  app.addHook('onRequest', (request, _, done) => {
    done(isAllowed(request.headers.host) ? undefined : misdirected());
  });
}

async function authenticate(route: Route, request: FastifyRequest, parts: AppParts): Promise<Actor> {
  const { authorization } = request.headers;
  const session = request.cookies[SESSION_COOKIE];
  const isWrite = request.method !== 'GET' && request.method !== 'HEAD';
  if (isWrite && authorization === undefined) {
    refuseCrossSite(request.headers, session !== undefined, parts.origin);
  }
  try {
    return await parts.authenticator.actorOf({
      authorization,
      session,
      isForwarded: isForwarded(request.headers),
      address: request.ip,
    });
  } catch (error) {
    // a browser keeps the cookie of a session that has ended: it has to get the page, and to log in
    if (route.role === 'public' && authorization === undefined && error instanceof Problem) {
      return ANONYMOUS;
    }
    throw error;
  }
}

/** @throws Problem 401 or 403; a refused write is in the audit log */
async function authorize(route: Route, request: FastifyRequest, actor: Actor, parts: AppParts): Promise<void> {
  if (actor === ANONYMOUS) {
    throw unauthenticated('This request needs a token.');
  }
  if (route.role === 'public' || hasRole(actor, route.role)) {
    return;
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

function answerProblem(
  { logger }: AppParts,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const problem = problemOfFramework(error) ?? problemOf(error);
  if (problem.status >= 500) {
    logger?.error({ request: request.id, err: problem.cause ?? problem }, 'failed');
  }
  return reply
    .code(problem.status)
    .headers({ ...SECURITY_HEADERS, ...problem.headers })
    .type(PROBLEM)
    .send(JSON.stringify(problemBody(problem, request.id)));
}
