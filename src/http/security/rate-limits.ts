/**
 * Limits how many requests a token sends, and how often an address tries tokens that are not valid. Counted here, since
 * @fastify/rate-limit 11.2 refuses requests below the limit that are under way together with one above it.
 */
import { monotonic } from '../../shared/environment.ts';
import { Problem } from '../problem.ts';

/** Invalid tokens of one address in a minute. Nobody guesses 256 bits: this keeps the log and the database quiet. */
const FAILURES_PER_MINUTE = 60;

const WINDOW_MILLISECONDS = 60_000;

/** Beyond so many clients, those that have waited longest are forgotten. */
const MAX_CLIENTS = 10_000;

interface Window {
  count: number;
  readonly until: number;
}

/** Counts what each client does in a minute, which begins with the first time. */
class Windows {
  readonly #most: number;
  readonly #windows = new Map<string, Window>();

  constructor(most: number) {
    this.#most = most;
  }

  /** @throws Problem 429 */
  refuse(client: string): void {
    const window = this.#windowOf(client);
    if (window !== undefined && window.count >= this.#most) {
      throw tooMany(window.until - monotonic());
    }
  }

  count(client: string): void {
    const window = this.#windowOf(client);
    if (window !== undefined) {
      window.count++;
      return;
    }
    const [oldest] = this.#windows.keys();
    if (oldest !== undefined && this.#windows.size >= MAX_CLIENTS) {
      this.#windows.delete(oldest);
    }
    this.#windows.set(client, { count: 1, until: monotonic() + WINDOW_MILLISECONDS });
  }

  #windowOf(client: string): Window | undefined {
    const window = this.#windows.get(client);
    if (window !== undefined && window.until <= monotonic()) {
      this.#windows.delete(client);
      return undefined;
    }
    return window;
  }
}

export class RateLimits {
  readonly #requests: Windows;
  readonly #failures = new Windows(FAILURES_PER_MINUTE);

  constructor(requestsPerMinute: number) {
    this.#requests = new Windows(requestsPerMinute);
  }

  /** @param client a token, or an address without one @throws Problem 429 */
  countRequest(client: string): void {
    this.#requests.refuse(client);
    this.#requests.count(client);
  }

  /** @throws Problem 429 for an address that has sent too many invalid tokens */
  refuseFailing(address: string): void {
    this.#failures.refuse(address);
  }

  countFailure(address: string): void {
    this.#failures.count(address);
  }
}

function tooMany(milliseconds: number): Problem {
  const seconds = String(Math.max(1, Math.ceil(milliseconds / 1000)));
  return new Problem(429, 'rate', `Too many requests. Wait ${seconds} s, and send fewer in a minute.`, {
    headers: { 'retry-after': seconds },
  });
}
