/** Reads a given number of bytes from a stream. */
export class ByteReader {
  readonly #bytes: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(bytes: AsyncIterable<Buffer>) {
    this.#bytes = bytes[Symbol.asyncIterator]();
  }

  async isAtEnd(): Promise<boolean> {
    await this.#fill(1);
    return this.#rest.length === 0;
  }

  /** Fewer at the end. */
  async take(count: number): Promise<Buffer> {
    await this.#fill(count);
    const taken = this.#rest.subarray(0, count);
    this.#rest = this.#rest.subarray(count);
    return taken;
  }

  async #fill(count: number): Promise<void> {
    const parts = [this.#rest];
    let length = this.#rest.length;
    while (length < count) {
      const { done, value } = await this.#bytes.next();
      if (done) {
        break;
      }
      parts.push(value);
      length += value.length;
    }
    this.#rest = parts.length === 1 ? this.#rest : Buffer.concat(parts);
  }
}
