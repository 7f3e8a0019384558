/** Which primary keys a load has met, in little memory where they are dense whole numbers. */

const PAGE_BITS = 1024;

/** Anything else, a fraction too, has no place among the bits. */
function isWhole(id: unknown): id is number {
  return Number.isSafeInteger(id);
}

export class IdSet {
  readonly #pages = new Map<number, Uint32Array>();
  readonly #others = new Set<unknown>();

  add(id: unknown): void {
    if (!isWhole(id)) {
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
    if (!isWhole(id)) {
      return this.#others.has(id);
    }
    const page = Math.floor(id / PAGE_BITS);
    const bit = id - page * PAGE_BITS;
    const words = this.#pages.get(page);
    return words !== undefined && ((words[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0;
  }
}
