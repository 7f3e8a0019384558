/** The database files of a simulation: copies of migrated templates, with what an operator does to files. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SqliteFile from 'better-sqlite3';
import { Database, type DatabaseOptions } from '../../../src/database/database.ts';
import type { DatabaseDeclaration } from '../../../src/database/declaration.ts';
import { openMigrated } from '../../../src/database/open-migrated.ts';
import { central, documents, ordersOf, products, users } from '../../../src/shop/catalog.ts';
import type { Databases } from './databases.ts';

const SUFFIXES = ['', '-wal', '-shm'] as const;

const WAL_HEADER_BYTES = 32;
/** Of a frame of 24 and 4096 bytes. */
const TORN_BYTES = 1500;

interface SyncedFiles {
  readonly content: Buffer;
  readonly log: Buffer;
}

export const USER_IDS = [1, 2, 3, 4, 5] as const;
/** Of orders that are refused, or pending while users cannot be reached, until the user is loaded. */
export const MISSING_USER_ID = 6;
export const PRODUCT_IDS = [1, 2, 3, 4] as const;

/** Migrates one database of each kind, outside of virtual time. @returns the folder that holds them */
export async function makeTemplates(folder: string, regions: readonly string[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const declaration of declarationsOf(regions)) {
    const file = join(folder, `${declaration.name}.db`);
    const database: Database = await openMigrated(declaration, undefined, { location: { engine: 'sqlite', file } });
    await database.close();
    const raw = new SqliteFile(file);
    if (declaration === users) {
      const insert = raw.prepare('insert into users (id, name, email) values (?, ?, ?)');
      for (const id of USER_IDS) {
        insert.run(id, `User ${id}`, `user.${id}@example.com`);
      }
    }
    if (declaration === products) {
      const insert = raw.prepare('insert into products (id, name, price_cents) values (?, ?, ?)');
      for (const id of PRODUCT_IDS) {
        insert.run(id, `Product ${id}`, id * 100);
      }
    }
    forgetWhen(raw);
    raw.pragma('wal_checkpoint(truncate)');
    raw.close();
  }
}

/** Templates that are made at different times are the same. */
function forgetWhen(raw: SqliteFile.Database): void {
  for (const table of ['mikro_orm_migrations', 'meridian_migrations']) {
    if (raw.prepare('select 1 from sqlite_master where name = ?').get(table) !== undefined) {
      raw.exec(`update ${table} set executed_at = '2026-11-26 00:00:00'`);
    }
  }
}

export function declarationsOf(regions: readonly string[]): readonly DatabaseDeclaration[] {
  return [users, products, central, documents, ...regions.map(ordersOf)];
}

export class DatabaseFiles implements Databases {
  readonly #folder: string;
  readonly names: readonly string[];

  /** @param folder made anew */
  constructor(templates: string, folder: string, regions: readonly string[]) {
    this.#folder = folder;
    this.names = declarationsOf(regions).map(({ name }) => name);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const name of this.names) {
      copyFileSync(join(templates, `${name}.db`), this.file(name));
    }
  }

  /** A folder in the simulated world, for files that are no databases. */
  folder(name: string): string {
    const folder = join(this.#folder, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  file(name: string): string {
    return join(this.#folder, `${name}.db`);
  }

  options(name: string): DatabaseOptions {
    // messages name a file the same in every simulation
    return { location: { engine: 'sqlite', file: this.file(name), named: `${name}.db` } };
  }

  /** The whole database as it is at this moment, as an online backup has it. */
  async backUp(name: string): Promise<Buffer> {
    const raw = new SqliteFile(this.file(name));
    try {
      return raw.serialize();
    } finally {
      raw.close();
    }
  }

  async restore(name: string, content: Buffer): Promise<void> {
    this.#replace(name, content);
  }

  #replace(name: string, content: Buffer): void {
    for (const suffix of SUFFIXES) {
      rmSync(this.file(name) + suffix, { force: true });
    }
    writeFileSync(this.file(name), content);
  }

  /**
   * Every commit is synced (`pragma synchronous = full`). What is on the disk is taken before the processes end, for the last one to close a
   * file empties its log.
   */
  async cutPower(names: readonly string[], stop: () => void): Promise<ReadonlyMap<string, string>> {
    const synced = names.map((name) => ({ name, kept: this.#onDisk(name) }));
    stop();
    for (const { name, kept } of synced) {
      this.#replace(name, kept.content);
      if (kept.log.length > 0) {
        writeFileSync(`${this.file(name)}-wal`, kept.log);
      }
    }
    return new Map(synced.map(({ name, kept }) => [name, kept.log.length > 0 ? 'a log to recover' : 'an empty log']));
  }

  /** The file and its write-ahead log, as no process has closed them, and the beginning of a frame that was being written. */
  #onDisk(name: string): SyncedFiles {
    const log = `${this.file(name)}-wal`;
    const frames = existsSync(log) ? readFileSync(log) : Buffer.alloc(0);
    // only a frame of no commit is torn
    const torn = frames.subarray(WAL_HEADER_BYTES, WAL_HEADER_BYTES + TORN_BYTES);
    return { content: readFileSync(this.file(name)), log: Buffer.concat([frames, torn]) };
  }

  /** Puts rows in place of those that are there in one transaction, as when a standby that is behind takes over. */
  async failOver(name: string, content: Buffer): Promise<boolean> {
    const file = join(this.#folder, 'standby.db');
    writeFileSync(file, content);
    const standby = new SqliteFile(file);
    const raw = new SqliteFile(this.file(name), { timeout: 0 });
    try {
      raw
        .transaction(() => {
          for (const table of tablesOf(standby)) {
            raw.exec(`delete from "${table}"`);
            for (const row of standby.prepare(`select * from "${table}"`).iterate()) {
              const entries = Object.entries(row as object);
              const columns = entries.map(([column]) => `"${column}"`).join(', ');
              const values = entries.map(() => '?').join(', ');
              raw
                .prepare(`insert into "${table}" (${columns}) values (${values})`)
                .run(...entries.map(([, value]) => value));
            }
          }
        })
        .immediate();
      return true;
    } catch (error) {
      if ((error as { code?: string }).code === 'SQLITE_BUSY') {
        return false;
      }
      throw error;
    } finally {
      raw.close();
      standby.close();
    }
  }

  /** @returns whether the user was loaded now */
  async loadMissingUser(): Promise<boolean> {
    const raw = new SqliteFile(this.file(users.name), { fileMustExist: true });
    try {
      const statement = raw.prepare('insert or ignore into users (id, name, email) values (?, ?, ?)');
      return statement.run(MISSING_USER_ID, 'Late User', 'late.user@example.com').changes > 0;
    } finally {
      raw.close();
    }
  }

  /** Takes a file away, or puts it back. */
  async setAway(name: string, isAway: boolean): Promise<void> {
    for (const suffix of SUFFIXES) {
      const [here, there] = [this.file(name) + suffix, `${this.file(name)}.away${suffix}`];
      if (existsSync(isAway ? here : there)) {
        renameSync(isAway ? here : there, isAway ? there : here);
      }
    }
  }

  async delete(): Promise<void> {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Without those of migrations, of the identity and of SQLite itself; with those of loads. */
export function tablesOf(raw: SqliteFile.Database): string[] {
  const rows = raw
    .prepare(
      "select name from sqlite_master where type = 'table' and name not like 'sqlite%' and name not like 'mikro%' and (name not like 'meridian%' or name like 'meridian_run%' or name like 'meridian_reject%') order by name",
    )
    .all() as { name: string }[];
  return rows.map(({ name }) => name);
}
