/** Errors of the API as RFC 9457 problem details. */
import { type ErrorCode, MeridianError } from '../shared/errors.ts';
import type { RecordError } from '../shared/rules/rules.ts';

/** The media type of a problem. */
export const PROBLEM = 'application/problem+json';

/** Error codes: those of the command line, and those that only requests can have. */
export type ProblemCode = ErrorCode | RequestCode;

/**
 * - `unauthenticated`: no token, or an invalid one
 * - `forbidden`: the role of the token is too weak, or another site sent the request
 * - `unknown`: no such path, database, entity or row
 * - `method`: the path does not support the method
 * - `invalid`: the request violates rules; `errors` lists them
 * - `conflict`: the state of the row or of others does not allow it
 * - `precondition`: `If-Match` names another version, or is missing
 * - `media`: the media type of the body is not supported
 * - `size`: the body or a header is too large
 * - `rate`: too many requests
 * - `host`: the request was sent to a host name that is not the server's
 * - `timeout`: the request took too long to arrive
 */
type RequestCode =
  | 'unauthenticated'
  | 'forbidden'
  | 'unknown'
  | 'method'
  | 'invalid'
  | 'conflict'
  | 'precondition'
  | 'media'
  | 'size'
  | 'rate'
  | 'host'
  | 'timeout';

export interface ProblemOptions extends ErrorOptions {
  /** The error of each property, as in a reject. */
  readonly errors?: readonly RecordError[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error that is sent as a problem response. */
export class Problem extends Error {
  readonly status: number;
  readonly code: ProblemCode;
  readonly errors: readonly RecordError[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  /** @param detail whole sentences: what happened, and what to do */
  constructor(
    status: number,
    code: ProblemCode,
    detail: string,
    { errors, headers = {}, ...rest }: ProblemOptions = {},
  ) {
    super(detail, rest);
    this.status = status;
    this.code = code;
    this.errors = errors;
    this.headers = headers;
  }
}

/** The HTTP status for each error code: errors that the caller can fix, transient ones, and those that the operator must fix. */
const STATUS: Readonly<Record<ErrorCode, number>> = {
  usage: 400,
  package: 501,
  source: 422,
  database: 503,
  identity: 503,
  locked: 503,
  migration: 503,
  directory: 507,
  transport: 503,
  event: 422,
  purged: 410,
  document: 503,
  rejects: 422,
  program: 500,
  demo: 500,
};

const RETRY_SECONDS = '1';

/** The message for errors whose reason the caller must not see; the reason is in the log. */
const UNEXPECTED = 'The server has failed unexpectedly. Its log says where, under the id of this request.';

/** Converts an error to a problem. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) {
    return error;
  }
  if (error instanceof MeridianError) {
    const status = STATUS[error.code];
    const isPassing = error.code === 'locked';
    return status === 500
      ? unexpected(error)
      : new Problem(status, error.code, error.message, {
          cause: error,
          ...(isPassing ? { headers: { 'retry-after': RETRY_SECONDS } } : {}),
        });
  }
  return unexpected(error);
}

function unexpected(cause: unknown): Problem {
  return new Problem(500, 'program', UNEXPECTED, { cause });
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  421: 'Misdirected Request',
  422: 'Unprocessable Content',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
  507: 'Insufficient Storage',
};

/** The body of a problem. @param request the id of the request, which is also in the log */
export function problemBody({ status, code, message, errors }: Problem, request: string): Record<string, unknown> {
  return {
    type: 'about:blank',
    title: TITLES[status] ?? 'Error',
    status,
    code,
    detail: message,
    instance: `urn:uuid:${request}`,
    ...(errors === undefined ? {} : { errors }),
  };
}
