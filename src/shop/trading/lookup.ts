/** Looks up by their keys what several callers ask for at the same time, with one query. */
export class Lookup<Key, Found> {
  readonly #read: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Found>>;
  #asked = new Set<Key>();
  #next: Promise<ReadonlyMap<Key, Found>> | undefined;

  /** @param read is given different keys, and returns what it has found by them */
  constructor(read: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Found>>) {
    this.#read = read;
  }

  async find(key: Key): Promise<Found | undefined> {
    return (await this.findAll([key])).get(key);
  }

  /** @returns what was found by these keys, and by those of the other callers */
  findAll(keys: readonly Key[]): Promise<ReadonlyMap<Key, Found>> {
    for (const key of keys) {
      this.#asked.add(key);
    }
    this.#next ??= this.#readAsked();
    return this.#next;
  }

  async #readAsked(): Promise<ReadonlyMap<Key, Found>> {
    // callers that go on in the same turn of the event loop ask before this does
    await undefined;
    const keys = [...this.#asked];
    this.#asked = new Set();
    this.#next = undefined;
    return this.#read(keys);
  }
}
