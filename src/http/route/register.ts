/** Registers routes with the server. */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { Logger } from 'pino';
import type { Actor, Answer, Call, Method, Route, ServedDatabases } from '../../config/route.ts';
import type { AuditEnd, AuditLog } from '../audit/audit-log.ts';
import { traced } from '../observe/tracing.ts';
import { Problem, problemOf } from '../problem.ts';
import { MAX_BODY_BYTES } from './body.ts';
import { restOf, routerPath } from './path.ts';
import { readQuery } from './query.ts';

export interface RouteContext {
  readonly databases: ServedDatabases;
  readonly audit: AuditLog;
  readonly logger: Logger | undefined;
  /** Aborted when the server stops. */
  readonly stopping: AbortSignal;
  actorOf(request: FastifyRequest): Actor;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route that a request is for. */
    route?: Route;
  }
}

export function routeOf(request: FastifyRequest): Route | undefined {
  return request.routeOptions.config?.route;
}

const METHODS: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

const OTHER_METHODS = ['OPTIONS', 'TRACE', 'QUERY'];

export function registerRoutes(app: FastifyInstance, routes: readonly Route[], context: RouteContext): void {
  app.addHttpMethod('QUERY', { hasBody: true, overrideExisting: true });
  for (const route of routes) {
    register(app, route, context);
  }
  for (const [path, group] of Map.groupBy(routes, (route) => routerPath(route.path))) {
    refuseOtherMethods(app, path, new Set(group.map(({ method }) => method)));
  }
}

function register(app: FastifyInstance, route: Route, context: RouteContext): void {
  const { body } = route;
  const isChecked = body !== undefined && (body.form ?? 'json') === 'json';
  app.route({
    method: route.method,
    url: routerPath(route.path),
    config: { route },
    bodyLimit: body?.form === 'stream' ? Number.MAX_SAFE_INTEGER : (body?.maxBytes ?? MAX_BODY_BYTES),
    ...(isChecked ? { schema: { body: body.schema } } : {}),
    handler: async (request, reply) => send(reply, await answerTo(route, request, reply, context)),
  });
}

/** 405 names the methods that there are. */
function refuseOtherMethods(app: FastifyInstance, url: string, known: ReadonlySet<Method>): void {
  const allow = [...known].flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
  const others: HTTPMethods[] = [...METHODS.filter((method) => !known.has(method)), ...OTHER_METHODS];
  app.route({
    method: known.has('GET') ? others : [...others, 'HEAD'],
    url,
    exposeHeadRoute: false,
    // before the framework looks at a body
    async onRequest(request) {
      throw new Problem(405, 'method', `This path does not take ${request.method}. It takes ${allow}.`, {
        headers: { allow },
      });
    },
    handler: () => undefined,
  });
}

/** Does the work, with a record in the audit log before and after it if it is a write. */
async function answerTo(
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
  context: RouteContext,
): Promise<Answer> {
  const call = callOf(route, request, reply, context);
  const { method, path } = route;
  const work = () =>
    traced(
      { method, route: path, headers: request.headers, id: request.id },
      () => route.handle(call),
      ({ status = 200 }) => status,
    );
  if (route.method === 'GET' || route.role === 'public') {
    return work();
  }
  await context.audit.start(recordOf(route, request, call.actor));
  try {
    const answer = await work();
    await complete({ id: request.id, subject: call.subject, status: answer.status ?? 200, code: null }, context);
    return answer;
  } catch (error) {
    const { status, code } = problemOf(error);
    await complete({ id: request.id, subject: call.subject, status, code }, context);
    throw error;
  }
}

/** The work has been done or refused by now, and is answered as such: where this fails, the record shows an unknown outcome. */
export async function complete(
  end: AuditEnd,
  { audit, logger }: Pick<RouteContext, 'audit' | 'logger'>,
): Promise<void> {
  try {
    await audit.end(end);
  } catch (error) {
    logger?.error({ request: end.id, status: end.status, err: error }, 'the audit record could not be completed');
  }
}

/** A write as the audit log has it when it begins. */
export function recordOf(
  { id: operation, method }: Pick<Route, 'id' | 'method'>,
  request: FastifyRequest,
  actor: Actor,
): Parameters<AuditLog['start']>[0] {
  const [path = ''] = request.url.split('?', 1);
  return {
    id: request.id,
    actorId: actor.id,
    actorName: actor.name,
    role: actor.role ?? 'none',
    operation,
    method,
    path,
  };
}

type NotedCall = Call & { readonly subject: string | null };

function callOf(
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
  { databases, stopping, actorOf }: RouteContext,
): NotedCall {
  let signal: AbortSignal | undefined;
  let subject: string | null = null;
  return {
    params: request.params as Readonly<Record<string, string>>,
    rest: restOf(route.path, request.url),
    query: route.hasOpenQuery ? (request.query as Call['query']) : readQuery(route.query ?? {}, request.query as never),
    headers: request.headers as Call['headers'],
    body: request.body,
    actor: actorOf(request),
    address: request.ip,
    databases,
    get signal() {
      // most requests end without asking for it
      signal ??= AbortSignal.any([closeOf(reply), stopping]);
      return signal;
    },
    note(text) {
      subject = text;
    },
    get subject() {
      return subject;
    },
  };
}

function closeOf({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  if (raw.closed) {
    gone.abort();
  } else {
    raw.once('close', () => gone.abort());
  }
  return gone.signal;
}

function send(reply: FastifyReply, { status = 200, headers = {}, body }: Answer): FastifyReply {
  reply.code(status).headers(headers);
  const isSentAsItIs =
    body === undefined || typeof body === 'string' || Buffer.isBuffer(body) || body instanceof Readable;
  return isSentAsItIs
    ? reply.send(body)
    : reply.type(headers['content-type'] ?? 'application/json; charset=utf-8').send(JSON.stringify(body));
}
