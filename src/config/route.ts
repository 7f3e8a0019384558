/**
 * A route of the HTTP API, as data: what it takes and answers, who may call it, and the function that does the work. The server checks
 * authentication, role and schema before it calls the function, records each write in the audit log, and describes the route in
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

/** A query parameter: text, a whole number, true or false, or one of several words. It may be given once. */
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
   * - `text`: as it was sent
   * - `stream`: as it arrives, of any size and at any speed
   */
  readonly form?: 'json' | 'text' | 'stream';
  readonly isOptional?: boolean;
  /** Default: 1 MiB. A stream has no limit. */
  readonly maxBytes?: number;
}

export interface AnswerDescription {
  readonly description: string;
  /** Without it, the answer has no body. Problems (status 400 and above) have one of their own. */
  readonly schema?: Schema;
  /** Default: `application/json`. */
  readonly mediaType?: string;
  /** Where the request chooses: text of these types instead. */
  readonly otherMediaTypes?: readonly string[];
  /** Name -> what it says. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What OpenAPI says of a route. */
export interface Operation {
  /** Names it in OpenAPI and in the audit log: `listRuns`. */
  readonly id: string;
  readonly method: Method;
  /** Parameters in braces: `/api/loads/{run}`. A last `{name+}` takes the rest of the path. */
  readonly path: string;
  /** `public` routes need no token. */
  readonly role: Role | 'public';
  /** One line, in the third person. */
  readonly summary: string;
  readonly description?: string;
  /** The heading that it stands under. */
  readonly tag: string;
  readonly params?: Readonly<Record<string, Schema>>;
  readonly query?: Readonly<Record<string, Parameter>>;
  /** Request headers that it reads, in lower case. */
  readonly headers?: Readonly<Record<string, Schema & { readonly description: string }>>;
  readonly body?: RequestBody;
  /** Status -> the answer; those of errors with the code of the problem. What the server itself answers is added. */
  readonly answers: Readonly<Record<number, AnswerDescription>>;
}

export interface Route extends Operation {
  /** Whether it takes any query parameter, and checks them itself. */
  readonly hasOpenQuery?: boolean;
  /** What OpenAPI describes instead, such as an operation for each entity. */
  readonly operations?: () => Promise<readonly Operation[]>;
  /** A request without an end of its own, such as a stream of events: it is not counted among the durations. */
  readonly isEndless?: boolean;
  /** Answers at once where nothing has to be waited for. */
  handle(call: Call): Answer | Promise<Answer>;
}

/** Who calls. */
export interface Actor {
  /** The id of a token, `local` for this machine without a token, or `anonymous` on a public route. */
  readonly id: string;
  readonly name: string;
  readonly role: Role | undefined;
}

/** The databases that the server has open. */
export interface ServedDatabases {
  /** The names of those of the configuration, also of those that do not exist yet. */
  names(): readonly string[];
  /**
   * Opens a database when it is first asked for. It stays open until the server stops.
   *
   * @throws MeridianError `database` or `migration` for one that does not exist or is not at its newest schema
   */
  open(name: string): Promise<Database>;
}

/** A request that is allowed, and whose parameters and body are as the route describes them. */
export interface Call {
  readonly params: Readonly<Record<string, string>>;
  /** The parts of a last `{name+}`. */
  readonly rest: readonly string[];
  readonly query: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** An object, text or a `Readable`, as {@link RequestBody.form} says. */
  readonly body: unknown;
  readonly actor: Actor;
  /** Where the connection comes from: the address of the client, or of the proxy in front. */
  readonly address: string;
  readonly databases: ServedDatabases;
  /** Aborted when the client has gone, or the server stops. */
  readonly signal: AbortSignal;
  /** Adds to the audit record of a write, such as the run that it started. Never a secret. */
  note(subject: string): void;
}

/** Something that a page shows live: an event of this name in `GET /api/events`, each time it changes. */
export interface WatchedState {
  readonly name: string;
  /** Read every second while it is followed; what it throws is published as `{ error }`. */
  read(): Promise<unknown>;
}

/** What the routes of a module may use of the server that they belong to. */
export interface RouteServer {
  /** Publishes a state of the module. */
  watch(state: WatchedState): void;
  /** Offers work that the server does beside answering requests, where the config or `--run` names it. */
  offer(service: Service): ServiceControl;
  /** Closes what the routes have opened when the server stops, after all requests have ended. */
  onClose(close: () => Promise<void>): void;
}

export interface Answer {
  /** Default: 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Becomes JSON; text and a stream are sent as they are, with the `content-type` of the headers. */
  readonly body?: unknown | Readable;
}
