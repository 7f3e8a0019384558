/** Limits how many requests a token sends, and how often an address tries tokens that are not valid. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { importFor } from '../../shared/optional.ts';
import { Problem } from '../problem.ts';

/** Invalid tokens of one address in a minute. Nobody guesses 256 bits: this keeps the log and the database quiet. */
const FAILURES_PER_MINUTE = 60;

export interface RateLimits {
  /** Authenticates, unless the address of the request has failed to too often. @throws Problem 429 */
  countFailures<T>(request: FastifyRequest, authenticate: () => Promise<T>): Promise<T>;
}

/** @param clientOf the token of a request that is authenticated */
export async function addRateLimits(
  app: FastifyInstance,
  requestsPerMinute: number,
  clientOf: (request: FastifyRequest) => string | undefined,
): Promise<RateLimits> {
  const { default: rateLimit } = await importFor('The HTTP API', () => import('@fastify/rate-limit'));
  await app.register(rateLimit, {
    global: true,
    hook: 'preHandler',
    max: requestsPerMinute,
    timeWindow: '1 minute',
    keyGenerator: (request) => clientOf(request) ?? request.ip,
    errorResponseBuilder: (_, { ttl }) => tooMany(ttl),
  });
  const failures = new Map<string, { count: number; until: number }>();
  return {
    async countFailures(request, authenticate) {
      const now = Date.now();
      const before = failures.get(request.ip);
      if (before !== undefined && before.until <= now) {
        failures.delete(request.ip);
      } else if (before !== undefined && before.count >= FAILURES_PER_MINUTE) {
        throw tooMany(before.until - now);
      }
      try {
        return await authenticate();
      } catch (error) {
        if (error instanceof Problem && error.status === 401) {
          count(failures, request.ip, now);
        }
        throw error;
      }
    },
  };
}

const WINDOW_MILLISECONDS = 60_000;

/** Addresses that are remembered. */
const MAX_ADDRESSES = 10_000;

function count(failures: Map<string, { count: number; until: number }>, address: string, now: number): void {
  const known = failures.get(address);
  if (known !== undefined) {
    known.count++;
    return;
  }
  if (failures.size >= MAX_ADDRESSES) {
    failures.clear();
  }
  failures.set(address, { count: 1, until: now + WINDOW_MILLISECONDS });
}

function tooMany(milliseconds: number): Problem {
  const seconds = String(Math.max(1, Math.ceil(milliseconds / 1000)));
  return new Problem(429, 'rate', `Too many requests. Wait ${seconds} s, and send fewer in a minute.`, {
    headers: { 'retry-after': seconds },
  });
}
