/**
 * Limits the requests of a token, and the lookups of invalid tokens from an address. It does not use @fastify/rate-limit 11.2, which
 * refuses requests below the limit that run concurrently with one above it.
 */
import { monotonic } from '../../shared/environment.ts';
import { Problem } from '../problem.ts';

/** Lookups of invalid tokens per address and minute. Guessing 256 bits is impossible: this limits the load of the database. */
const FAILURES_PER_MINUTE = 60;

const WINDOW_MILLISECONDS = 60_000;

/** Beyond this number of clients, the oldest entries are deleted. */
const MAX_CLIENTS = 10_000;

interface Window {
  count: number;
  readonly until: number;
}

/** Counts per client and minute; a client's minute begins with its first request. */
class Windows {
  readonly #most: number;
  readonly #windows = new Map<string, Window>();

  constructor(most: number) {
    this.#most = most;
  }

  isFull(client: string): boolean {
    return (this.#windowOf(client)?.count ?? 0) >= this.#most;
  }

  /** @throws Problem 429 */
  refuse(client: string): void {
    this.#refuseFull(this.#windowOf(client));
  }

  count(client: string): Window {
    const window = this.#windowOf(client) ?? this.#newWindow(client);
    window.count++;
    return window;
  }

  /** Counts a request. Refused ones are not counted. @throws Problem 429 */
  countOrRefuse(client: string): void {
    const window = this.#windowOf(client) ?? this.#newWindow(client);
    this.#refuseFull(window);
    window.count++;
  }

  #refuseFull(window: Window | undefined): void {
    if (window !== undefined && window.count >= this.#most) {
      throw tooMany(window.until - monotonic());
    }
  }

  #newWindow(client: string): Window {
    const [oldest] = this.#windows.keys();
    if (oldest !== undefined && this.#windows.size >= MAX_CLIENTS) {
      this.#windows.delete(oldest);
    }
    const window = { count: 0, until: monotonic() + WINDOW_MILLISECONDS };
    this.#windows.set(client, window);
    return window;
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

export class RequestLimit {
  readonly #requests: Windows;

  constructor(requestsPerMinute: number) {
    this.#requests = new Windows(requestsPerMinute);
  }

  /** @param client a token, or an address without one @throws Problem 429 */
  count(client: string): void {
    this.#requests.countOrRefuse(client);
  }
}

/**
 * Counts invalid tokens per address. The address may be that of a proxy, so exceeding the limit only means that tokens are checked against
 * the issued ones first.
 */
export class FailureLimit {
  readonly #failures = new Windows(FAILURES_PER_MINUTE);

  isExceeded(address: string): boolean {
    return this.#failures.isFull(address);
  }

  /** @throws Problem 429 for an address that has sent too many invalid tokens */
  refuse(address: string): void {
    this.#failures.refuse(address);
  }

  /** Counts a running lookup as a failure, since otherwise concurrent ones could exceed the limit. @returns a function that undoes this */
  begin(address: string): () => void {
    const window = this.#failures.count(address);
    return () => {
      window.count--;
    };
  }
}

function tooMany(milliseconds: number): Problem {
  const seconds = String(Math.max(1, Math.ceil(milliseconds / 1000)));
  return new Problem(429, 'rate', `Too many requests. Wait ${seconds} s, and send fewer in a minute.`, {
    headers: { 'retry-after': seconds },
  });
}
