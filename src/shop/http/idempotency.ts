/**
 * Idempotency keys of requests: https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/. The region stores each key
 * with its outcome; this module knows the keys of running requests.
 */
import { MeridianError } from '../../index.ts';
import { Problem } from '../../module.ts';
import { checkKey, UsedKeyError } from '../trading/checkout.ts';
import { asInvalid } from './open-regions.ts';

const KEY_HEADER = 'idempotency-key';

export const KEY_HEADERS = {
  [KEY_HEADER]: {
    type: 'string',
    required: true,
    minLength: 1,
    maxLength: 100,
    description: 'Chosen by the caller for this one request: sent again, it gives the first outcome again',
  },
} as const;

/** Additional responses of routes with idempotency keys. */
export const KEY_ANSWERS = {
  400: { description: 'The key is missing' },
  409: { description: 'A request with this key is being worked on, or the order is refused' },
  422: { description: 'The key was used for something else, or the request breaks rules' },
} as const;

export class Keys {
  readonly #inProgress = new Set<string>();

  /** @throws Problem 400, 409 or 422 */
  async use<T>(
    region: string,
    headers: Readonly<Record<string, string | undefined>>,
    work: (key: string) => Promise<T>,
  ): Promise<T> {
    const key = keyIn(headers);
    const claim = `${region}\n${key}`;
    if (this.#inProgress.has(claim)) {
      throw new Problem(409, 'conflict', 'A request with this Idempotency-Key is being worked on. Ask again later.', {
        headers: { 'retry-after': '1' },
      });
    }
    this.#inProgress.add(claim);
    try {
      return await work(key);
    } catch (error) {
      throw asInvalid(error);
    } finally {
      this.#inProgress.delete(claim);
    }
  }
}

/** @throws Problem 400 */
function keyIn(headers: Readonly<Record<string, string | undefined>>): string {
  const given = headers[KEY_HEADER];
  if (given === undefined || given.trim() === '') {
    throw new Problem(
      400,
      'usage',
      'The header Idempotency-Key is missing. Choose a key for this one request, such as a UUID.',
    );
  }
  // the draft defines it as a quoted structured header string; most clients send it without quotes
  const key = /^"(.*)"$/.exec(given.trim())?.[1] ?? given.trim();
  try {
    checkKey(key);
  } catch (error) {
    throw error instanceof MeridianError && !(error instanceof UsedKeyError)
      ? new Problem(400, 'usage', `The Idempotency-Key cannot be used: ${error.message}`, { cause: error })
      : error;
  }
  return key;
}

/** Headers that show whether the outcome is that of an earlier request. */
export function replayHeaders(isRepeated: boolean): Readonly<Record<string, string>> {
  return isRepeated ? { 'idempotency-replayed': 'true' } : {};
}
