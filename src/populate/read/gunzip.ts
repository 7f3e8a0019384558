/**
 * Unpacks gzip data: any number of members one after the other, with zeros between and behind them, to which tapes and block
 * devices pad files. zlib takes a zero behind a member for the end, and ignores what follows it.
 */
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CHUNK_BYTES } from './bytes.ts';

/** Throws what zlib throws. */
export async function* gunzip(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const input = new BytesWithReturn(bytes);
  while (await input.hasMore()) {
    yield* unpack(input);
    await input.skipZeros();
  }
}

/** Unpacks up to the end, or to a zero behind a member; what follows that goes back into the input. */
async function* unpack(input: BytesWithReturn): AsyncGenerator<Buffer> {
  const engine = createGunzip({ chunkSize: CHUNK_BYTES });
  const given: Buffer[] = [];
  /** Bytes before those in `given`. */
  let passed = 0;
  let reading: Promise<Buffer | undefined> | undefined;
  const source = Readable.from(
    (async function* () {
      for (;;) {
        reading = input.next();
        const chunk = await reading;
        if (chunk === undefined) {
          return;
        }
        for (let oldest = given[0]; oldest && passed + oldest.length <= engine.bytesWritten; oldest = given[0]) {
          passed += oldest.length;
          given.shift();
        }
        given.push(chunk);
        yield chunk;
      }
    })(),
  );
  source.on('error', (error) => engine.destroy(error));
  try {
    yield* source.pipe(engine) as AsyncIterable<Buffer>;
  } finally {
    source.destroy();
  }
  // a chunk that is on its way belongs to what follows
  await reading;
  input.giveBack(Buffer.concat(given).subarray(engine.bytesWritten - passed));
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

  /** @param bytes that were given last */
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
