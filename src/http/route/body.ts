/** Reads the body of a request: its type, its size, how fast it arrives, and its JSON. */

import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { RequestBody } from '../../config/route.ts';
import { setTimer } from '../../shared/environment.ts';
import { messageOf } from '../../shared/errors.ts';
import { parseExactJson } from '../../shared/json/parse-exact.ts';
import { Problem } from '../problem.ts';

const JSON_TYPE = 'application/json';

export const MAX_BODY_BYTES = 1024 * 1024;

/** The default time limit for receiving a body that is not a stream. */
const BODY_MILLISECONDS = 30_000;

export function mediaTypesOf({ mediaTypes = [JSON_TYPE] }: RequestBody): readonly string[] {
  return mediaTypes;
}

/** Parses the body of each route in the form that the route describes. */
export function addBodyReading(app: FastifyInstance, milliseconds = BODY_MILLISECONDS): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', ({ route }, payload, done) => {
    if (route?.body?.form === 'stream') {
      done(null, payload);
      return;
    }
    readText(payload, route?.body?.maxBytes ?? MAX_BODY_BYTES, milliseconds).then((text) => done(null, text), done);
  });
  app.addHook('onRequest', (request, _, done) => {
    const { route } = request;
    done(route === null ? undefined : mediaTypeProblem(request, route.body));
  });
  // routes without a body, which most requests are for, do not get the hook
  app.addHook('onRoute', (options) => {
    const body = options.config?.route?.body;
    if (body !== undefined && (body.form ?? 'json') === 'json') {
      options.preValidation = async (request) => {
        request.body = readBody(body, request.body);
      };
    }
  });
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Uses listeners, since an async iterator takes several promises per chunk. After a problem, the rest of the body is still read until the
 * response is sent: a connection with unread data is reset before the client has read the response.
 *
 * @throws Problem 413 for more bytes than the limit, 408 for a body that takes too long, 400 for bytes that are not UTF-8
 */
async function readText(payload: Readable, limit: number, milliseconds: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const read = Promise.withResolvers<void>();
  const cancelTimer = setTimer(milliseconds, () => read.reject(tooSlow()));
  payload.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= limit) {
      chunks.push(chunk);
    } else {
      read.reject(tooLarge(limit));
    }
  });
  payload.once('end', read.resolve);
  payload.on('error', read.reject);
  payload.once('close', () => payload.readableEnded || read.reject(brokenOff()));
  if (payload.destroyed) {
    read.reject(brokenOff());
  }
  try {
    await read.promise;
  } finally {
    cancelTimer();
  }
  return decode(chunks);
}

function decode(chunks: readonly Buffer[]): string {
  const [only] = chunks;
  try {
    return utf8.decode(only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks));
  } catch {
    throw new Problem(400, 'usage', 'The body is not UTF-8.');
  }
}

function brokenOff(): Error {
  return Object.assign(new Error('The body ended before its end.'), { code: 'ECONNRESET' });
}

function tooSlow(): Problem {
  return new Problem(408, 'timeout', 'The body took too long to arrive.', { headers: { connection: 'close' } });
}

function tooLarge(limit: number): Problem {
  return new Problem(
    413,
    'size',
    `The body has more than ${limit.toLocaleString('en')} bytes, which is the limit here.`,
    {
      headers: { connection: 'close' },
    },
  );
}

/** @returns a Problem 415, or 413 for a body whose declared length is too large */
function mediaTypeProblem({ headers }: FastifyRequest, body: RequestBody | undefined): Problem | undefined {
  const { 'content-type': type, 'content-length': length, 'transfer-encoding': encoding } = headers;
  const hasBody = encoding !== undefined || Number(length ?? 0) > 0;
  if (!hasBody) {
    return undefined;
  }
  if (body === undefined) {
    return new Problem(415, 'media', 'This path takes no body with this method.');
  }
  const [essence = ''] = (type ?? '').split(';', 1);
  const types = mediaTypesOf(body);
  if (!types.includes(essence.trim().toLowerCase())) {
    return new Problem(415, 'media', `The body has to be ${types.join(' or ')}, as its content-type says.`, {
      headers: { accept: types.join(', ') },
    });
  }
  const limit = body.form === 'stream' ? Number.POSITIVE_INFINITY : (body.maxBytes ?? MAX_BODY_BYTES);
  return Number(length ?? 0) > limit ? tooLarge(limit) : undefined;
}

/**
 * Numbers are not rounded: one that JavaScript cannot represent is not a number for a schema. @throws Problem 400 for text that is not JSON
 */
function readBody({ isOptional = false }: RequestBody, text: unknown): unknown {
  if (typeof text !== 'string' || text.trim() === '') {
    if (isOptional) {
      return {};
    }
    throw new Problem(400, 'usage', 'The body is missing.');
  }
  try {
    return parseExactJson(text);
  } catch (error) {
    throw new Problem(400, 'usage', `The body is not JSON: ${messageOf(error)}.`);
  }
}
