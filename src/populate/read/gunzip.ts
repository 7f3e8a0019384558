/**
 * Decompresses gzip data: any number of consecutive members, with padding zeros between and after them, which tapes and block devices add.
 * zlib stops at a zero after a member, and ignores what follows it.
 */
import { createGunzip, type Gunzip } from 'node:zlib';
import { CHUNK_BYTES } from './bytes.ts';

const NOTHING = Buffer.alloc(0);

/** Throws the errors of zlib. */
export async function* gunzip(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const input = new BytesWithReturn(bytes);
  while (await input.hasMore()) {
    yield* unpack(input);
    await input.skipZeros();
  }
}

/** Decompresses up to the end, or to a zero after a member. Returns the bytes after that to the input. */
async function* unpack(input: BytesWithReturn): AsyncGenerator<Buffer> {
  const engine = createGunzip({ chunkSize: CHUNK_BYTES });
  const rest = feed(engine, input);
  yield* engine as AsyncIterable<Buffer>;
  input.giveBack(await rest);
}

/**
 * Writes one chunk at a time, after the engine has processed the previous one: bytes after the end of the data would cause an uncaught
 * error. Never rejects; an error of the input destroys the engine.
 *
 * @returns the bytes that the engine has not consumed
 */
async function feed(engine: Gunzip, input: BytesWithReturn): Promise<Buffer> {
  let written = 0;
  try {
    for (let chunk = await input.next(); chunk !== undefined; chunk = await input.next()) {
      await write(engine, chunk);
      written += chunk.length;
      const left = written - engine.bytesWritten;
      if (left > 0) {
        return chunk.subarray(chunk.length - left);
      }
    }
    engine.end();
  } catch (error) {
    engine.destroy(error as Error);
  }
  return NOTHING;
}

/** Resolves when the engine has processed the chunk. */
function write(engine: Gunzip, chunk: Buffer): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  engine.write(chunk, (error) => (error ? reject(error) : resolve()));
  return promise;
}

class BytesWithReturn {
  readonly #bytes: AsyncIterator<Buffer>;
  #returned: Buffer | undefined;

  constructor(bytes: AsyncIterable<Buffer>) {
    this.#bytes = bytes[Symbol.asyncIterator]();
  }

  async next(): Promise<Buffer | undefined> {
    const returned = this.#returned;
    this.#returned = undefined;
    return returned ?? (await this.#bytes.next()).value;
  }

  /** @param bytes the unconsumed end of the last chunk */
  giveBack(bytes: Buffer): void {
    this.#returned = bytes.length === 0 ? undefined : bytes;
  }

  async hasMore(): Promise<boolean> {
    this.#returned = await this.next();
    return this.#returned !== undefined;
  }

  async skipZeros(): Promise<void> {
    for (let bytes = await this.next(); bytes !== undefined; bytes = await this.next()) {
      let zeros = 0;
      while (bytes[zeros] === 0) {
        zeros++;
      }
      if (zeros < bytes.length) {
        this.giveBack(bytes.subarray(zeros));
        return;
      }
    }
  }
}
