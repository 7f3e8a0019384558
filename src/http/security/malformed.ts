/** Problems for requests that the framework refuses before they reach a route. */
import type { Socket } from 'node:net';
import type { ConnectionError, FastifyError } from 'fastify';
import { newId } from '../../shared/ids.ts';
import type { RecordError } from '../../shared/rules/rules.ts';
import { PROBLEM, Problem, problemBody } from '../problem.ts';
import type { CommonHeaders } from '../route/send.ts';

/** @returns `undefined` for an error that is not about a malformed request */
export function problemOfFramework(error: unknown): Problem | undefined {
  const { code, statusCode = 500, validation } = error as Partial<FastifyError>;
  if (validation !== undefined) {
    const errors = validation.map((one) => errorOf(one as SchemaError));
    return new Problem(
      422,
      'invalid',
      errors
        .map(({ message }) => message)
        .join('; ')
        .concat('.'),
      { errors },
    );
  }
  if (!code?.startsWith('FST_')) {
    return undefined;
  }
  switch (statusCode) {
    case 400:
      return new Problem(400, 'usage', 'The request cannot be read: its path or its length is not as HTTP has it.');
    case 413:
      return new Problem(413, 'size', 'The body is too large.');
    case 414:
      return new Problem(414, 'size', 'A segment of the path is too long.');
    case 415:
      return new Problem(415, 'media', 'The body has no content-type that the server reads.');
    case 404:
      return new Problem(404, 'unknown', 'There is no such path. /openapi.json lists those that there are.');
    default:
      return undefined;
  }
}

interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly message?: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** The error in the form of rejects: property, rule and message. */
function errorOf({ instancePath, keyword, message = 'is not valid', params }: SchemaError): RecordError {
  const at = instancePath.slice(1).replaceAll('/', '.');
  const named = params['missingProperty'] ?? params['additionalProperty'];
  const property = [at, named].filter((part) => part !== undefined && part !== '').join('.');
  const sentence =
    keyword === 'additionalProperties'
      ? `${property} is not a property of it`
      : keyword === 'required'
        ? `${property} is missing`
        : `${property === '' ? 'The body' : property} ${message}`;
  return { property: property === '' ? null : property, code: keyword, message: sentence };
}

const BY_CODE: Readonly<Record<string, readonly [number, Problem['code'], string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'size', 'The headers are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'timeout', 'The request took too long to arrive.'],
};

/** @param common the headers of every response @returns a handler that responds to an invalid HTTP request and closes its connection */
export function connectionRefusal(common: CommonHeaders): (error: ConnectionError, socket: Socket) => void {
  return (error, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const [status, code, detail] = BY_CODE[error.code] ?? [400, 'usage', 'The request is not HTTP.'];
    const id = newId();
    const body = JSON.stringify(problemBody(new Problem(status, code, detail), id));
    const headers = {
      ...common,
      'x-request-id': id,
      'content-type': `${PROBLEM}; charset=utf-8`,
      'content-length': Buffer.byteLength(body),
      connection: 'close',
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    const head = [`HTTP/1.1 ${status} ${JSON.parse(body).title}`, ...lines];
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  };
}
