/** Batches concurrent lookups by key into one query. */
export class Lookup<Key, Found> {
  readonly #read: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Found>>;
  #asked = new Set<Key>();
  #next: Promise<ReadonlyMap<Key, Found>> | undefined;

  /** @param read reads distinct keys, and returns the found values by key */
  constructor(read: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Found>>) {
    this.#read = read;
  }

  async find(key: Key): Promise<Found | undefined> {
    return (await this.findAll([key])).get(key);
  }

  /** @returns the values found for these keys, and for those of concurrent callers */
  findAll(keys: readonly Key[]): Promise<ReadonlyMap<Key, Found>> {
    for (const key of keys) {
      this.#asked.add(key);
    }
    this.#next ??= this.#readAsked();
    return this.#next;
  }

  async #readAsked(): Promise<ReadonlyMap<Key, Found>> {
    // wait for further callers in the same turn of the event loop
    await undefined;
    const keys = [...this.#asked];
    this.#asked = new Set();
    this.#next = undefined;
    return this.#read(keys);
  }
}
