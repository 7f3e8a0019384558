/** Sends the responses of routes. */
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { Answer } from '../../config/route.ts';

export const JSON_ANSWER = 'application/json; charset=utf-8';

/** The headers of every response. */
export type CommonHeaders = Readonly<Record<string, string>>;

/** @returns the reply if Fastify sends it and is to wait for its end */
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
 * Most responses are JSON. They are passed to Node.js directly, with their headers as a list: Fastify would build an object of headers, and
 * search it again for the content type and the length. Fastify's `onSend` hooks are not called for them.
 */
function sendJson(
  { raw, request }: FastifyReply,
  status: number,
  body: string,
  headers: NonNullable<Answer['headers']>,
  common: CommonHeaders,
): undefined {
  const bytes = Buffer.byteLength(body);
  const head = listOf(common).slice();
  head.push('x-request-id', request.id, 'content-type', JSON_ANSWER, 'content-length', String(bytes));
  for (const name in headers) {
    setHeader(head, name.toLowerCase(), headers[name] as string);
  }
  raw.writeHead(status, head);
  // text with one byte per character needs no encoding
  raw.end(body, bytes === body.length ? 'latin1' : 'utf8');
}

const lists = new WeakMap<CommonHeaders, string[]>();

/** Header names and values, alternating. */
function listOf(headers: CommonHeaders): string[] {
  let list = lists.get(headers);
  if (list === undefined) {
    list = Object.entries(headers).flat();
    lists.set(headers, list);
  }
  return list;
}

function setHeader(head: string[], name: string, value: string): void {
  for (let at = 0; at < head.length; at += 2) {
    if (head[at] === name) {
      head[at + 1] = value;
      return;
    }
  }
  head.push(name, value);
}
