/** Sends the answers of routes. */
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { Answer } from '../../config/route.ts';

export const JSON_ANSWER = 'application/json; charset=utf-8';

/** The headers of every answer to a request. */
export type CommonHeaders = Readonly<Record<string, string>>;

/** @returns the reply where Fastify sends it, which is to wait for its end */
export function send(reply: FastifyReply, answer: Answer, common: CommonHeaders): FastifyReply | undefined {
  const { status = 200, headers = {}, body } = answer;
  const type = headers['content-type'];
  if (typeof body === 'string' && type === JSON_ANSWER) {
    return sendJson(reply, status, body, headers, common);
  }
  const isSentAsItIs =
    body === undefined || typeof body === 'string' || Buffer.isBuffer(body) || body instanceof Readable;
  if (!isSentAsItIs && (type === undefined || type === JSON_ANSWER)) {
    return sendJson(reply, status, JSON.stringify(body), headers, common);
  }
  return reply
    .code(status)
    .headers(common)
    .header('x-request-id', reply.request.id)
    .headers(headers)
    .send(isSentAsItIs ? body : JSON.stringify(body));
}

/**
 * Most answers are JSON, and are handed over to Node.js at once: Fastify goes over their headers once for each that is set, and again
 * for the content type and the length. Without an answer of its own, it takes the request for answered.
 */
function sendJson(
  { raw, request }: FastifyReply,
  status: number,
  body: string,
  headers: NonNullable<Answer['headers']>,
  common: CommonHeaders,
): undefined {
  const bytes = Buffer.byteLength(body);
  const head: Record<string, string> = { ...common, 'x-request-id': request.id, 'content-type': JSON_ANSWER };
  for (const name in headers) {
    head[name.toLowerCase()] = headers[name] as string;
  }
  head['content-length'] = String(bytes);
  raw.writeHead(status, head);
  // text of one byte a character is written without being encoded
  raw.end(body, bytes === body.length ? 'latin1' : 'utf8');
}
