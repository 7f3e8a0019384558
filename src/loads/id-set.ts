/**
 * A compact set of primary keys: one bit per key if they are dense integers, some twenty bytes if they are scattered. Blocks of 32 numbers
 * are in a hash table with open addressing.
 */

const BLOCK = 32;
const FIRST_CAPACITY = 1024;
/** The load factor at which the table grows. It is high, since neighbouring keys find their block without a search. */
const MAX_LOAD = 0.75;

/** A set as plain data, for another thread. */
export interface IdSetState {
  readonly blocks: Float64Array;
  readonly words: Uint32Array;
  readonly others: ReadonlySet<unknown>;
  /** The bigints that JavaScript can represent as numbers. */
  readonly bigints?: IdSetState | undefined;
}

/** Other values, including fractions, are not stored as bits. */
function isWhole(id: unknown): id is number {
  return Number.isSafeInteger(id);
}

/** Bigints up to 2^53 take no more memory than numbers. */
function isShort(id: unknown): id is bigint {
  return typeof id === 'bigint' && Number.isSafeInteger(Number(id));
}

export class IdSet {
  /** The block number in each slot; NaN in a free slot. */
  #blocks = new Float64Array(FIRST_CAPACITY).fill(Number.NaN);
  #words = new Uint32Array(FIRST_CAPACITY);
  #used = 0;
  #lastSlot = 0;
  #others = new Set<unknown>();
  #bigints: IdSet | undefined;

  /** Creates a set from a {@link state}, without copying. */
  static from({ blocks, words, others, bigints }: IdSetState): IdSet {
    const set = new IdSet();
    set.#blocks = blocks as Float64Array<ArrayBuffer>;
    set.#words = words as Uint32Array<ArrayBuffer>;
    set.#used = blocks.reduce((used, block) => used + (Number.isNaN(block) ? 0 : 1), 0);
    set.#others = new Set(others);
    set.#bigints = bigints && IdSet.from(bigints);
    return set;
  }

  /** The content of the set, without copying. */
  get state(): IdSetState {
    return { blocks: this.#blocks, words: this.#words, others: this.#others, bigints: this.#bigints?.state };
  }

  get isEmpty(): boolean {
    const isEmpty = this.#others.size === 0 && this.#words.every((word) => word === 0);
    return isEmpty && (this.#bigints?.isEmpty ?? true);
  }

  add(id: unknown): void {
    if (!isWhole(id)) {
      this.#addOther(id);
      return;
    }
    const block = Math.floor(id / BLOCK);
    // the next id is usually close to the last
    let slot = this.#lastSlot;
    if (this.#blocks[slot] !== block) {
      slot = this.#slotOf(block);
    }
    if (this.#blocks[slot] !== block) {
      if (this.#used >= this.#blocks.length * MAX_LOAD) {
        this.#grow();
        slot = this.#slotOf(block);
      }
      this.#blocks[slot] = block;
      this.#used++;
    }
    this.#lastSlot = slot;
    this.#words[slot] = (this.#words[slot] as number) | (1 << (id - block * BLOCK));
  }

  #addOther(id: unknown): void {
    if (isShort(id)) {
      this.#bigints ??= new IdSet();
      this.#bigints.add(Number(id));
    } else {
      this.#others.add(id);
    }
  }

  has(id: unknown): boolean {
    if (!isWhole(id)) {
      return isShort(id) ? this.#bigints?.has(Number(id)) === true : this.#others.has(id);
    }
    const block = Math.floor(id / BLOCK);
    return (this.#wordOf(block) & (1 << (id - block * BLOCK))) !== 0;
  }

  delete(id: unknown): void {
    if (!isWhole(id)) {
      this.#others.delete(id);
      if (isShort(id)) {
        this.#bigints?.delete(Number(id));
      }
      return;
    }
    const block = Math.floor(id / BLOCK);
    const slot = this.#slotOf(block);
    if (this.#blocks[slot] === block) {
      this.#words[slot] = (this.#words[slot] as number) & ~(1 << (id - block * BLOCK));
    }
  }

  /** The ids that are not in `other`: numbers in ascending order, bigints up to 2^53 in ascending order, then the rest. */
  *without(other: IdSet): Generator<unknown> {
    const blocks = this.#blocks.filter((block) => !Number.isNaN(block)).sort();
    for (const block of blocks) {
      let left = this.#wordOf(block) & ~other.#wordOf(block);
      while (left !== 0) {
        const bit = 31 - Math.clz32(left & -left);
        left &= left - 1;
        yield block * BLOCK + bit;
      }
    }
    for (const id of this.#bigints?.without(other.#bigints ?? new IdSet()) ?? []) {
      yield BigInt(id as number);
    }
    for (const id of this.#others) {
      if (!other.#others.has(id)) {
        yield id;
      }
    }
  }

  #wordOf(block: number): number {
    const slot = this.#slotOf(block);
    return this.#blocks[slot] === block ? (this.#words[slot] as number) : 0;
  }

  /** The slot of a block, or the free slot for it. */
  #slotOf(block: number): number {
    const mask = this.#blocks.length - 1;
    // Fibonacci hashing of the low and the high half
    let slot = (Math.imul(block | 0, 0x9e3779b1) ^ Math.imul(Math.floor(block / 2 ** 32), 0x85ebca6b)) >>> 0;
    slot = (slot ^ (slot >>> 15)) & mask;
    for (;;) {
      const there = this.#blocks[slot] as number;
      if (there === block || Number.isNaN(there)) {
        return slot;
      }
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    const [blocks, words] = [this.#blocks, this.#words];
    this.#blocks = new Float64Array(blocks.length * 2).fill(Number.NaN);
    this.#words = new Uint32Array(blocks.length * 2);
    for (const [index, block] of blocks.entries()) {
      if (!Number.isNaN(block)) {
        const slot = this.#slotOf(block);
        this.#blocks[slot] = block;
        this.#words[slot] = words[index] as number;
      }
    }
  }
}
