/** A program: the server that one would write by hand with Fastify and better-sqlite3. It commits each order by itself. */
import process from 'node:process';
import fastify from 'fastify';
import { openByHand } from '../../regions/by-hand.ts';
import type { Request } from '../../regions/requests.ts';

const ID = { type: 'integer', minimum: 1 } as const;

const ORDER = {
  type: 'object',
  properties: {
    userId: ID,
    items: {
      type: 'array',
      minItems: 1,
      items: { type: 'object', properties: { productId: ID, quantity: ID }, required: ['productId', 'quantity'] },
    },
  },
  required: ['userId', 'items'],
} as const;

const shop = openByHand();
const app = fastify();

app.get<{ Params: { id: string } }>('/users/:id', (request, reply) => {
  const user = shop.user(Number(request.params.id));
  return user ?? reply.code(404).send({ detail: 'There is no such user' });
});

app.post<{ Body: Request }>('/checkouts', { schema: { body: ORDER } }, (request, reply) => {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string' || key === '') {
    return reply.code(400).send({ detail: 'The header Idempotency-Key is missing' });
  }
  const earlier = shop.earlier(request.body, key);
  if (earlier !== undefined) {
    return reply.code(201).send(earlier);
  }
  if (!shop.isKnown(request.body)) {
    return reply.code(422).send({ detail: 'The user or a product is not there' });
  }
  return reply.code(201).send(shop.place(request.body, key));
});

process.once('SIGTERM', async () => {
  await app.close();
  shop.close();
});

const url = await app.listen({ port: 0, host: '127.0.0.1' });
process.stdout.write(`${JSON.stringify({ url })}\n`);
