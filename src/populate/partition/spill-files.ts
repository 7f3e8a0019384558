/** Writes the records of a spread source to a file per database: any number of files, without keeping them open, in little memory. */
import { createHash, type Hash } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseDeclaration } from '../../database/declaration.ts';
import { MeridianError, messageOf } from '../../shared/errors.ts';
import { FieldRecord } from '../read/field-record.ts';
import type { RawRecord } from '../read/source.ts';
import { isSameList } from '../record/columns.ts';
import { columnsLine, recordLine } from './spill-format.ts';

/** Maximum number of characters that all files together buffer. */
const WAITING_CHARACTERS = 4 * 1024 * 1024;

export interface Spilled {
  readonly declaration: DatabaseDeclaration;
  readonly path: string;
  /** The number of its records. */
  readonly count: number;
  /** A digest of its content. */
  readonly content: string;
}

interface Spill {
  readonly path: string;
  /** Whether the file exists. */
  isMade: boolean;
  readonly hash: Hash;
  /** Those of the last line of columns. */
  columns: readonly string[] | undefined;
  count: number;
  waiting: string[];
}

export class SpillFiles {
  readonly #directory: string;
  readonly #columns: readonly string[] | undefined;
  readonly #spills: Spill[] = [];
  readonly #byDatabase = new Map<string, { readonly declaration: DatabaseDeclaration; readonly spill: Spill }>();
  #waitingCharacters = 0;

  /** @param columns the columns of a source that names them once */
  constructor(directory: string, columns: readonly string[] | undefined) {
    this.#directory = directory;
    this.#columns = columns;
  }

  /** The number of databases. */
  get size(): number {
    return this.#byDatabase.size;
  }

  /** Starts a file for a database without one. */
  add(declaration: DatabaseDeclaration): void {
    if (!this.#byDatabase.has(declaration.name)) {
      // records without a database may have started the file of the first one
      const spill = this.#byDatabase.size === 0 ? this.#first() : this.#begin();
      this.#byDatabase.set(declaration.name, { declaration, spill });
    }
  }

  write(database: string, raw: RawRecord): void {
    const { spill } = this.#byDatabase.get(database) ?? {};
    if (spill === undefined) {
      throw new Error(`${database} has not been added`);
    }
    this.#append(spill, raw);
  }

  /** Writes a record without a database to the file of the first database, even before that is known. */
  writeToFirst(raw: RawRecord): void {
    this.#append(this.#first(), raw);
  }

  /** Writes the buffers if they are full. @throws MeridianError `directory` */
  async flushSome(): Promise<void> {
    if (this.#waitingCharacters > WAITING_CHARACTERS) {
      await this.#flush();
    }
  }

  /** @returns the files, or nothing if there are records and no database. @throws MeridianError `directory` */
  async finish(): Promise<Spilled[] | undefined> {
    await this.#flush();
    if (this.#byDatabase.size === 0 && this.#spills.length > 0) {
      return undefined;
    }
    return [...this.#byDatabase.values()].map(({ declaration, spill: { path, count, hash } }) => ({
      declaration,
      path,
      count,
      content: hash.digest('hex'),
    }));
  }

  #first(): Spill {
    return this.#spills[0] ?? this.#begin();
  }

  #begin(): Spill {
    const path = join(this.#directory, `${this.#spills.length + 1}.spill`);
    const spill: Spill = {
      path,
      isMade: false,
      hash: createHash('sha256'),
      columns: this.#columns,
      count: 0,
      waiting: [],
    };
    this.#spills.push(spill);
    this.#wait(spill, columnsLine(this.#columns));
    return spill;
  }

  #append(spill: Spill, raw: RawRecord): void {
    spill.count++;
    // all rows of a file share one array
    if (raw instanceof FieldRecord && raw.columns !== spill.columns) {
      if (spill.columns === undefined || !isSameList(raw.columns, spill.columns)) {
        this.#wait(spill, columnsLine(raw.columns));
      }
      spill.columns = raw.columns;
    }
    this.#wait(spill, recordLine(raw));
  }

  #wait(spill: Spill, line: string): void {
    spill.waiting.push(line);
    this.#waitingCharacters += line.length;
  }

  async #flush(): Promise<void> {
    for (const spill of this.#spills.filter(({ waiting }) => waiting.length > 0)) {
      const text = spill.waiting.join('');
      spill.waiting = [];
      spill.hash.update(text);
      try {
        await appendFile(spill.path, text, { flag: spill.isMade ? 'a' : 'ax' });
        spill.isMade = true;
      } catch (error) {
        throw new MeridianError(
          'directory',
          `Records cannot be written to the temporary directory ${this.#directory}: ${messageOf(error)}. Make room there, or name another directory with TMPDIR.`,
          { cause: error },
        );
      }
    }
    this.#waitingCharacters = 0;
  }
}
