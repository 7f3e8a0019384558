/** What keeps documents or component lists from their store, told once however many ask for it, and when nothing does any more. */
import type { FeedListener } from './feed.ts';

export class Troubles {
  readonly #listener: FeedListener | undefined;
  /** What each of those that bring something has failed with at last. */
  readonly #messages = new Map<object, string>();

  constructor(listener: FeedListener | undefined) {
    this.#listener = listener;
  }

  note(whose: object, failure: Error | undefined): void {
    if (failure !== undefined) {
      const isKnown = [...this.#messages.values()].includes(failure.message);
      this.#messages.set(whose, failure.message);
      if (!isKnown) {
        this.#listener?.failed?.(failure);
      }
    } else if (this.#messages.delete(whose) && this.#messages.size === 0) {
      this.#listener?.recovered?.();
    }
  }
}
