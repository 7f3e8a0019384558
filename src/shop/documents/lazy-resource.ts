/** A resource that is opened on first use, and reopened after it was closed or could not be opened. */
export class LazyResource<T extends { close(): Promise<void> } | undefined> {
  readonly #open: () => Promise<T>;
  #opened: Promise<T> | undefined;

  constructor(open: () => Promise<T>) {
    this.#open = open;
  }

  open(): Promise<T> {
    if (this.#opened === undefined) {
      const opening = this.#open();
      this.#opened = opening;
      opening.catch(() => {
        if (this.#opened === opening) {
          this.#opened = undefined;
        }
      });
    }
    return this.#opened;
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    // a resource that could not be opened need not be closed
    await (await opened?.catch(() => undefined))?.close();
  }
}
