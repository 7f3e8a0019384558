/**
 * The progress of a copy, in a table of the target that exists only while the copy is unfinished. Each batch is recorded in the transaction
 * that writes it, so a copy that was killed continues after the last written row.
 */
import { sql } from 'kysely';
import type { Database, EntityManager } from '../../database/database.ts';
import { migrationSet } from '../../database/declaration.ts';

/** `migrating`: the target's tables may contain rows that its migrations wrote; `copying`: all rows were copied. */
export type Phase = 'migrating' | 'copying';

/** The recorded progress of a table. */
export interface TableProgress {
  /** The primary key of the last copied row, as returned by the source's driver. */
  readonly last: readonly unknown[];
}

const SOURCE = 'source';
const PHASE = 'phase';

export class CopyProgress {
  readonly #database: Database;
  readonly #table: string;

  constructor(target: Database) {
    this.#database = target;
    this.#table = `meridian_copy_${migrationSet(target.name).replaceAll('-', '_')}`;
  }

  /** Whether a copy has started and not finished. */
  hasBegun(): Promise<boolean> {
    return this.#database.engine.hasTable(this.#database.fork(), this.#table);
  }

  /** @param source the source of the rows */
  begin(source: string): Promise<void> {
    return this.#database.transaction(async (em) => {
      await this.#run(em, sql`create table ${this.#name} (name text not null primary key, value text not null)`);
      await this.set(em, SOURCE, source);
      await this.set(em, PHASE, 'migrating' satisfies Phase);
    });
  }

  async source(): Promise<string> {
    return (await this.get(SOURCE)) ?? '';
  }

  async phase(): Promise<Phase> {
    return (await this.get(PHASE)) === 'copying' ? 'copying' : 'migrating';
  }

  async of(table: string): Promise<TableProgress | undefined> {
    const text = await this.get(`table ${table}`);
    return text === undefined ? undefined : { last: (JSON.parse(text) as unknown[]).map(decoded) };
  }

  copied(em: EntityManager, table: string, last: readonly unknown[]): Promise<void> {
    return this.set(em, `table ${table}`, JSON.stringify(last.map(encoded)));
  }

  async finish(): Promise<void> {
    await this.#run(this.#database.fork(), sql`drop table ${this.#name}`);
  }

  /** Resets the recorded progress and source. */
  async restart(em: EntityManager, source: string): Promise<void> {
    await this.set(em, SOURCE, source);
    await this.set(em, PHASE, 'copying' satisfies Phase);
    await this.#run(em, sql`delete from ${this.#name} where name like 'table %'`);
  }

  async get(name: string): Promise<string | undefined> {
    const query = sql<{ value: string }>`select value from ${this.#name} where name = ${name}`;
    const { rows } = await query.execute(this.#database.fork().getKysely<unknown>());
    return rows[0]?.value;
  }

  async set(em: EntityManager, name: string, value: string): Promise<void> {
    await this.#run(
      em,
      sql`insert into ${this.#name} (name, value) values (${name}, ${value}) on conflict (name) do update set value = excluded.value`,
    );
  }

  get #name() {
    return sql.id(this.#table);
  }

  async #run(em: EntityManager, query: ReturnType<typeof sql>): Promise<void> {
    await query.execute(em.getKysely<unknown>());
  }
}

/** Drivers return numbers and text for nearly all keys. */
function encoded(value: unknown): unknown {
  if (typeof value === 'bigint') {
    return { bigint: String(value) };
  }
  if (value instanceof Date) {
    return { date: value.toISOString() };
  }
  return value instanceof Uint8Array ? { bytes: Buffer.from(value).toString('base64') } : value;
}

function decoded(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const { bigint, date, bytes } = value as {
    readonly bigint?: string;
    readonly date?: string;
    readonly bytes?: string;
  };
  if (bigint !== undefined) {
    return BigInt(bigint);
  }
  return date === undefined ? Buffer.from(bytes ?? '', 'base64') : new Date(date);
}
