/**
 * Limits how many requests a token sends, and how many invalid tokens of an address are looked up. Counted here, since
 * @fastify/rate-limit 11.2 refuses requests below the limit that are under way together with one above it.
 */
import { monotonic } from '../../shared/environment.ts';
import { Problem } from '../problem.ts';

/** Invalid tokens of one address that are looked up in a minute. Nobody guesses 256 bits: this keeps the database quiet. */
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

  /** What is refused is not counted. @throws Problem 429 */
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

/** Of an address, which may be that of a proxy: it says whether to look closer, and not who is refused. */
export class FailureLimit {
  readonly #failures = new Windows(FAILURES_PER_MINUTE);

  isExceeded(address: string): boolean {
    return this.#failures.isFull(address);
  }

  /** @throws Problem 429 for an address that has sent too many invalid tokens */
  refuse(address: string): void {
    this.#failures.refuse(address);
  }

  /** A lookup that is under way counts as a failure, or many at once would pass the limit. @returns takes it back */
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
