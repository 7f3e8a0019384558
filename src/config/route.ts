/**
 * A route of the HTTP API, as data: its request, its responses, the role that it requires, and its handler. The server checks
 * authentication, role and schema before it calls the handler, records each write in the audit log, and describes the route in
 * `/openapi.json`.
 *
 * ```ts
 * import type { Module, Route } from 'meridian/module';
 *
 * const greet: Route = {
 *   id: 'greet',
 *   method: 'GET',
 *   path: '/api/greetings/{name}',
 *   role: 'read',
 *   summary: 'Greets by name',
 *   tag: 'Greetings',
 *   params: { name: { type: 'string' } },
 *   answers: { 200: { description: 'A greeting', schema: { type: 'object' } } },
 *   handle: ({ params }) => Promise.resolve({ body: { greeting: `Hello ${params['name']}` } }),
 * };
 *
 * export const greetings: Module = { routes: () => Promise.resolve([greet]) };
 * ```
 */
import type { Readable } from 'node:stream';
import type { Database } from '../database/database.ts';
import type { Service, ServiceControl } from './service.ts';

/**
 * - `read`: may read everything
 * - `operate`: may also change data
 * - `admin`: may also manage tokens and read the audit log
 */
export const ROLES = ['read', 'operate', 'admin'] as const;

export type Role = (typeof ROLES)[number];

/** A JSON Schema of draft 2020-12. */
export type Schema = { readonly [keyword: string]: unknown };

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A query parameter: text, a whole number, true or false, or one of several words. It may occur once. */
export type Parameter = Schema & {
  readonly type: 'string' | 'integer' | 'boolean';
  readonly description: string;
};

export interface RequestBody {
  readonly schema: Schema;
  /** Default: `application/json`. */
  readonly mediaTypes?: readonly string[];
  /**
   * - `json` (default): parsed, and checked against the schema
   * - `text`: the decoded text
   * - `stream`: the unread stream, of any size and speed
   */
  readonly form?: 'json' | 'text' | 'stream';
  readonly isOptional?: boolean;
  /** Default: 1 MiB. Streams are not limited. */
  readonly maxBytes?: number;
}

export interface AnswerDescription {
  readonly description: string;
  /** Without a schema, the response has no body. Problems (status 400 and above) always have the same schema. */
  readonly schema?: Schema;
  /** Default: `application/json`. */
  readonly mediaType?: string;
  /** Further media types, of text, that the request can choose. */
  readonly otherMediaTypes?: readonly string[];
  /** Name -> description. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The OpenAPI operation of a route. */
export interface Operation {
  /** The operation id in OpenAPI and in the audit log: `listRuns`. */
  readonly id: string;
  readonly method: Method;
  /** The path, with parameters in braces: `/api/loads/{run}`. `{name+}` at the end matches the rest of the path. */
  readonly path: string;
  /** `public` routes need no token. */
  readonly role: Role | 'public';
  /** One line, in the third person. */
  readonly summary: string;
  readonly description?: string;
  /** The heading that groups it in OpenAPI. */
  readonly tag: string;
  readonly params?: Readonly<Record<string, Schema>>;
  readonly query?: Readonly<Record<string, Parameter>>;
  /** Request headers that the route reads, in lower case. */
  readonly headers?: Readonly<Record<string, Schema & { readonly description: string }>>;
  readonly body?: RequestBody;
  /** Status -> the response; responses of errors name the code of the problem. The server adds its own error responses. */
  readonly answers: Readonly<Record<number, AnswerDescription>>;
}

export interface Route extends Operation {
  /** Whether the route accepts any query parameter and checks it itself. */
  readonly hasOpenQuery?: boolean;
  /** Operations that OpenAPI describes instead of the route, such as one for each entity. */
  readonly operations?: () => Promise<readonly Operation[]>;
  /** Whether responses are endless streams, such as events; their durations are not measured. */
  readonly isEndless?: boolean;
  /** Handles a request. It may return synchronously where nothing is awaited. */
  handle(call: Call): Answer | Promise<Answer>;
}

/** The authenticated caller. */
export interface Actor {
  /** The id of a token, `local` for this machine without a token, or `anonymous` on a public route. */
  readonly id: string;
  readonly name: string;
  readonly role: Role | undefined;
}

/** The databases of the server. */
export interface ServedDatabases {
  /** The names of all configured databases, including those that do not exist yet. */
  names(): readonly string[];
  /** Opens a database on first use. It stays open until the server stops.
   *
   * @throws MeridianError `database` for one that does not exist, `migration` for one with pending migrations
   */
  open(name: string): Promise<Database>;
}

/** An authorized request with valid parameters and body. */
export interface Call {
  readonly params: Readonly<Record<string, string>>;
  /** The path segments that `{name+}` matched. */
  readonly rest: readonly string[];
  readonly query: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** An object, text or a `Readable`, according to {@link RequestBody.form}. */
  readonly body: unknown;
  readonly actor: Actor;
  /** The remote address of the connection: that of the client, or of the proxy in front. */
  readonly address: string;
  readonly databases: ServedDatabases;
  /** Aborted when the client disconnects or the server stops. */
  readonly signal: AbortSignal;
  /** Adds a subject to the audit record of a write, such as the run that it started. Do not pass a secret. */
  note(subject: string): void;
}

/** A state that the page shows live: `GET /api/events` sends an event of this name each time it changes. */
export interface WatchedState {
  readonly name: string;
  /** Reads the state, every second while a client follows it. What it throws is published as `{ error }`. */
  read(): Promise<unknown>;
}

/** The interface of the server to the routes of a module. */
export interface RouteServer {
  /** Publishes a state of the module. */
  watch(state: WatchedState): void;
  /** Registers a service that the server runs in the background, where the config or `--run` names it. */
  offer(service: Service): ServiceControl;
  /** Registers a function that closes resources of the routes. It is called when the server stops, after all requests have ended. */
  onClose(close: () => Promise<void>): void;
}

export interface Answer {
  /** Default: 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; text and streams are sent unchanged, with the `content-type` of the headers. */
  readonly body?: unknown | Readable;
}
