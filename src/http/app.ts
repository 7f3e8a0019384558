/** Builds the server from its routes: the checks before every route, and the headers of every response. */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Route } from '../config/route.ts';
import { newId } from '../shared/ids.ts';
import { importFor } from '../shared/optional.ts';
import type { AuditLog } from './audit/audit-log.ts';
import { accessControl, accessEnd } from './auth/access.ts';
import type { Authenticator } from './auth/authenticator.ts';
import type { OpenDatabases } from './databases.ts';
import type { Metrics } from './observe/metrics.ts';
import { requestLog } from './observe/request-log.ts';
import { PROBLEM, Problem, problemBody, problemOf } from './problem.ts';
import { addBodyReading, MAX_BODY_BYTES } from './route/body.ts';
import { registerRoutes } from './route/register.ts';
import { securityHeaders } from './security/headers.ts';
import { allowedHosts, misdirected } from './security/hosts.ts';
import { connectionRefusal, problemOfFramework } from './security/malformed.ts';

export interface AppParts {
  readonly routes: readonly Route[];
  readonly databases: OpenDatabases;
  readonly authenticator: Authenticator;
  readonly audit: AuditLog;
  readonly metrics: Metrics;
  /** The address that it is bound to. */
  readonly host: string;
  /** The public origin of the server. */
  readonly origin: URL | undefined;
  /** The rate limit of a token, or of this machine. */
  readonly requestsPerMinute: number;
  /** The time limit for receiving the headers of a request, and for a body that is not a stream. */
  readonly arrivalMilliseconds: number | undefined;
  readonly logger: Logger | undefined;
  /** Logs a request, given the members of its log line as JSON. */
  readonly logRequest: ((members: string) => void) | undefined;
}

/** Time limits for receiving the headers of a request, and for a connection without data. */
const HEADERS_MILLISECONDS = 10_000;
const IDLE_MILLISECONDS = 60_000;

/** Path segments are keys of rows, which may be long. */
const MAX_SEGMENT_CHARACTERS = 4096;

/** Builds the app without making it ready, which `inject` and `listen` both do. */
export async function buildApp(parts: AppParts): Promise<FastifyInstance> {
  const { default: fastify } = await importFor('The HTTP API', () => import('fastify'));
  const commonHeaders = securityHeaders(parts.origin);
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
    // bodies are validated unchanged: nothing is coerced, defaulted or removed
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
    clientErrorHandler: connectionRefusal(commonHeaders),
  });
  const stopping = new AbortController();
  app.addHook('preClose', async () => stopping.abort());
  app.decorateRequest('route', null);
  app.decorateRequest('actor', null);
  addObservation(app, parts);
  addChecks(app, parts);
  addBodyReading(app, parts.arrivalMilliseconds);
  app.setErrorHandler((error: FastifyError, request, reply) => answerProblem(parts, error, request, reply));
  app.setNotFoundHandler(() => {
    throw new Problem(404, 'unknown', 'There is no such path. /openapi.json lists those that there are.');
  });
  registerRoutes(app, parts.routes, {
    databases: parts.databases,
    audit: parts.audit,
    logger: parts.logger,
    stopping: stopping.signal,
    accessEnd: (request, closed) => accessEnd(request, parts.authenticator, closed),
    commonHeaders,
  });
  return app;
}

/** Log lines have the path pattern, but no header and no other value of the caller's. */
function addObservation(app: FastifyInstance, { metrics, logRequest }: AppParts): void {
  const log = logRequest && requestLog(logRequest);
  app.addHook('onResponse', (request, reply, done) => {
    const { method, route } = request;
    const milliseconds = reply.elapsedTime;
    const kind = metrics.requests.add(
      { method, route: route?.path ?? 'none', status: reply.statusCode },
      route?.isEndless ? undefined : milliseconds / 1000,
    );
    log?.(kind, { request: request.id, milliseconds: Math.round(milliseconds), actor: request.actor?.id });
    done();
  });
}

/** The hooks use callbacks: a promise for each request would take longer than most checks. */
function addChecks(app: FastifyInstance, parts: AppParts): void {
  const isAllowed = allowedHosts(parts.host, parts.origin);
  const control = accessControl(parts);
  app.addHook('onRequest', (request, _, done) => {
    const route = request.routeOptions.config?.route ?? null;
    request.route = route;
    if (!isAllowed(request.headers.host)) {
      throw misdirected();
    }
    const waiting = route === null ? undefined : control(route, request);
    if (waiting === undefined) {
      done();
    } else {
      waiting.then(() => done(), done);
    }
  });
}

function answerProblem(
  { logger, origin }: AppParts,
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
    .headers({ ...securityHeaders(origin), 'x-request-id': request.id, ...problem.headers })
    .type(PROBLEM)
    .send(JSON.stringify(problemBody(problem, request.id)));
}
