/** Registers routes with the server. */
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { Logger } from 'pino';
import type { Actor, Answer, Call, Method, Route, ServedDatabases } from '../../config/route.ts';
import type { AuditEnd, AuditLog } from '../audit/audit-log.ts';
import { ANONYMOUS } from '../auth/authenticator.ts';
import { traced } from '../observe/tracing.ts';
import { Problem, problemOf } from '../problem.ts';
import { MAX_BODY_BYTES } from './body.ts';
import { restReader, routerPath } from './path.ts';
import { queryReader } from './query.ts';
import { type CommonHeaders, send } from './send.ts';

export interface RouteContext {
  readonly databases: ServedDatabases;
  readonly audit: AuditLog;
  readonly logger: Logger | undefined;
  /** Aborted when the server stops. */
  readonly stopping: AbortSignal;
  /** @returns a signal that is aborted when the caller of an endless response loses access */
  readonly accessEnd: (request: FastifyRequest, closed: AbortSignal) => AbortSignal;
  readonly commonHeaders: CommonHeaders;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route of a request. */
    route?: Route;
  }
  interface FastifyRequest {
    /** The route of the request; `null` if there is none. */
    route: Route | null;
    /** The authenticated caller; `null` before authentication. */
    actor: Actor | null;
  }
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
  const readRest = restReader(route.path);
  const readQuery = queryReader(route.query ?? {});
  app.route({
    method: route.method,
    url: routerPath(route.path),
    config: { route },
    bodyLimit: body?.form === 'stream' ? Number.MAX_SAFE_INTEGER : (body?.maxBytes ?? MAX_BODY_BYTES),
    ...(isChecked ? { schema: { body: body.schema } } : {}),
    handler: (request, reply) => {
      const query = route.hasOpenQuery ? (request.query as Call['query']) : readQuery(request.query as never);
      const call = new RouteCall({ request, reply, rest: readRest(request.url), query }, context);
      const answer = answerTo(route, request, call, context);
      return answer instanceof Promise
        ? answer.then((found) => send(reply, found, context.commonHeaders))
        : send(reply, answer, context.commonHeaders);
    },
  });
}

/** Responds with 405 and the allowed methods. */
function refuseOtherMethods(app: FastifyInstance, url: string, known: ReadonlySet<Method>): void {
  const allow = [...known].flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
  const others: HTTPMethods[] = [...METHODS.filter((method) => !known.has(method)), ...OTHER_METHODS];
  app.route({
    method: known.has('GET') ? others : [...others, 'HEAD'],
    url,
    exposeHeadRoute: false,
    // before the framework reads the body
    async onRequest(request) {
      throw new Problem(405, 'method', `This path does not take ${request.method}. It takes ${allow}.`, {
        headers: { allow },
      });
    },
    handler: () => undefined,
  });
}

/** Calls the handler. For a write, it starts an audit record before, and completes it after. */
function answerTo(
  route: Route,
  request: FastifyRequest,
  call: RouteCall,
  context: RouteContext,
): Answer | Promise<Answer> {
  const { method, path } = route;
  const work = () =>
    traced(
      { method, route: path, headers: request.headers, id: request.id },
      () => route.handle(call),
      ({ status = 200 }) => status,
    );
  return method === 'GET' || route.role === 'public' ? work() : audited(route, request, call, context, work);
}

async function audited(
  route: Route,
  request: FastifyRequest,
  call: RouteCall,
  context: RouteContext,
  work: () => Answer | Promise<Answer>,
): Promise<Answer> {
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

/**
 * Completes the audit record. A failure does not change the response, since the work is done or refused by now: the record then shows an
 * unknown outcome.
 */
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

/** The audit record of a write that begins. */
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

interface Received {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly rest: readonly string[];
  readonly query: Call['query'];
}

class RouteCall implements Call {
  readonly params: Call['params'];
  readonly rest: readonly string[];
  readonly query: Call['query'];
  readonly headers: Call['headers'];
  readonly body: unknown;
  readonly actor: Actor;
  readonly databases: ServedDatabases;
  /** The last subject that was noted. */
  subject: string | null = null;
  readonly #reply: FastifyReply;
  readonly #context: RouteContext;
  #signal: AbortSignal | undefined;

  constructor({ request, reply, rest, query }: Received, context: RouteContext) {
    this.params = request.params as Call['params'];
    this.rest = rest;
    this.query = query;
    this.headers = request.headers as Call['headers'];
    this.body = request.body;
    this.actor = request.actor ?? ANONYMOUS;
    this.databases = context.databases;
    this.#reply = reply;
    this.#context = context;
  }

  readonly note = (subject: string): void => {
    this.subject = subject;
  };

  get address(): string {
    return this.#reply.request.ip;
  }

  get signal(): AbortSignal {
    // created lazily, since most requests never use it
    this.#signal ??= this.#end();
    return this.#signal;
  }

  #end(): AbortSignal {
    const { request } = this.#reply;
    const { stopping, accessEnd } = this.#context;
    const closed = AbortSignal.any([closeOf(this.#reply), stopping]);
    return request.route?.isEndless ? AbortSignal.any([closed, accessEnd(request, closed)]) : closed;
  }
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
