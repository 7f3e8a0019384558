/** Which primary keys a load has met, in little memory where they are dense whole numbers. */

const PAGE_BITS = 1024;

export class IdSet {
  readonly #pages = new Map<number, Uint32Array>();
  readonly #others = new Set<unknown>();

  add(id: unknown): void {
    if (typeof id !== 'number') {
      this.#others.add(id);
      return;
    }
    const page = Math.floor(id / PAGE_BITS);
    const bit = id - page * PAGE_BITS;
    let words = this.#pages.get(page);
    if (words === undefined) {
      words = new Uint32Array(PAGE_BITS / 32);
      this.#pages.set(page, words);
    }
    words[bit >>> 5] = (words[bit >>> 5] ?? 0) | (1 << (bit & 31));
  }

  has(id: unknown): boolean {
    if (typeof id !== 'number') {
      return this.#others.has(id);
    }
    const page = Math.floor(id / PAGE_BITS);
    const bit = id - page * PAGE_BITS;
    const words = this.#pages.get(page);
    return words !== undefined && ((words[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0;
  }
}
