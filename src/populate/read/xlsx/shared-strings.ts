/**
 * The shared strings of a workbook, by number. They are read only as far as a cell needs them, and most programs write them in the order in
 * which cells use them. A large number of them is stored in a temporary file, so that memory stays constant.
 */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { makeTemporaryFolder, type TemporaryFolder } from '../../../shared/files/temporary-folder.ts';
import { cellText } from './cell-text.ts';
import { readXml } from './xml.ts';

/** Number of texts that are read together. */
const GROUP_TEXTS = 64;

/**
 * Number of the last texts that are kept as they were read. It is more than the cells in a piece of a sheet refer to and a piece of the
 * table holds together.
 */
const RECENT_TEXTS = 1024;

/** Number of groups that are cached as texts. */
const KEPT_GROUPS = 256;

/** Number of bytes of texts that are written to the file at once. */
const MEMORY_BYTES = 1024 * 1024;

export class SharedStrings {
  readonly #chunks: AsyncIterator<void>;
  #isAtEnd = false;
  /** The last texts, which are in no group yet. */
  #last: string[] = [];
  readonly #groups = new Groups();
  readonly #kept = new Map<number, readonly string[]>();

  constructor(bytes: AsyncIterable<Buffer>) {
    let text = '';
    let isText = false;
    // phonetic guides, in Japanese, are not part of the text
    let isPhonetic = false;
    this.#chunks = readXml(bytes, {
      opened(name) {
        if (name === 'si') {
          text = '';
        }
        isText = name === 't';
        isPhonetic ||= name === 'rPh';
      },
      closed: (name) => {
        isText = false;
        if (name === 'rPh') {
          isPhonetic = false;
        } else if (name === 'si') {
          this.#last.push(cellText(text));
        }
      },
      text(piece) {
        text += isText && !isPhonetic ? piece : '';
      },
    });
  }

  /** The number of texts read so far. */
  get #count(): number {
    return this.#groups.count * GROUP_TEXTS + this.#last.length;
  }

  /** Reads up to the text with this number. Rejects with Error if there are fewer. */
  async reach(number: number): Promise<void> {
    while (this.#count <= number) {
      if (this.#isAtEnd) {
        throw new Error(`a cell refers to the shared text ${number}, and there are ${this.#count}`);
      }
      this.#isAtEnd = (await this.#chunks.next()).done ?? false;
      while (this.#last.length >= RECENT_TEXTS + GROUP_TEXTS) {
        await this.#groups.add(this.#last.splice(0, GROUP_TEXTS));
      }
    }
  }

  /** @param number the number of a text that has been reached */
  at(number: number): string {
    const group = Math.floor(number / GROUP_TEXTS);
    return group < this.#groups.count
      ? (this.#groupAt(group)[number % GROUP_TEXTS] ?? '')
      : (this.#last[number - this.#groups.count * GROUP_TEXTS] ?? '');
  }

  #groupAt(group: number): readonly string[] {
    let texts = this.#kept.get(group);
    if (texts === undefined) {
      texts = this.#groups.read(group);
      const [oldest] = this.#kept.keys();
      if (this.#kept.size >= KEPT_GROUPS && oldest !== undefined) {
        this.#kept.delete(oldest);
      }
      this.#kept.set(group, texts);
    }
    return texts;
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
    await this.#groups.close();
  }
}

/** Groups of texts as JSON: the last ones in memory, those before them in a file. */
class Groups {
  /** The offset of each group, followed by the end of the last one. */
  readonly #ends = [0];
  #memory: Buffer[] = [];
  #memoryBytes = 0;
  /** The number of groups in the file. */
  #filed = 0;
  #file: { readonly descriptor: number; readonly folder: TemporaryFolder } | undefined;

  get count(): number {
    return this.#ends.length - 1;
  }

  async add(texts: readonly string[]): Promise<void> {
    const bytes = Buffer.from(JSON.stringify(texts));
    this.#memory.push(bytes);
    this.#memoryBytes += bytes.length;
    this.#ends.push((this.#ends.at(-1) ?? 0) + bytes.length);
    if (this.#memoryBytes > MEMORY_BYTES) {
      await this.#write();
    }
  }

  read(group: number): string[] {
    const from = this.#ends[group] ?? 0;
    let bytes = this.#memory[group - this.#filed];
    if (bytes === undefined) {
      bytes = Buffer.alloc((this.#ends[group + 1] ?? 0) - from);
      readSync(this.#file?.descriptor ?? -1, bytes, 0, bytes.length, from);
    }
    return JSON.parse(bytes.toString());
  }

  async #write(): Promise<void> {
    if (this.#file === undefined) {
      const folder = await makeTemporaryFolder('texts');
      this.#file = { folder, descriptor: openSync(join(folder.path, 'texts'), 'wx+', 0o600) };
    }
    const all = Buffer.concat(this.#memory);
    const start = (this.#ends.at(-1) ?? 0) - all.length;
    for (let written = 0; written < all.length; ) {
      written += writeSync(this.#file.descriptor, all, written, all.length - written, start + written);
    }
    this.#filed = this.count;
    this.#memory = [];
    this.#memoryBytes = 0;
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    if (file !== undefined) {
      closeSync(file.descriptor);
      await file.folder.remove();
    }
  }
}
