/** Reports each failure of several tasks once, however often it is repeated, and the recovery when no task fails any more. */
export interface FailureListener {
  /** Called once per failure, until the reason changes or all tasks succeed again. */
  failed?(error: Error): void;
  /** Called when all tasks succeed again. */
  recovered?(): void;
}

export class FailureDeduplicator {
  readonly #listener: FailureListener | undefined;
  /** Task -> the message of its current failure. */
  readonly #messages = new Map<object, string>();

  constructor(listener: FailureListener | undefined) {
    this.#listener = listener;
  }

  /** @param failure of the task's latest attempt; `undefined` when it succeeded */
  note(task: object, failure: Error | undefined): void {
    if (failure !== undefined) {
      const isKnown = [...this.#messages.values()].includes(failure.message);
      this.#messages.set(task, failure.message);
      if (!isKnown) {
        this.#listener?.failed?.(failure);
      }
    } else if (this.#messages.delete(task) && this.#messages.size === 0) {
      this.#listener?.recovered?.();
    }
  }
}
