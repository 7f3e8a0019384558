/** Keys for new rows, from PostgreSQL's sequences. */
import type { EntityManager } from '@mikro-orm/sql';
import { CompiledQuery } from 'kysely';
import type { Engine } from '../engine.ts';
import { keysAfter, startOfFreeKeys, startOfSequence } from '../free-keys.ts';
import { keepStatement } from '../patches/kept-statements.ts';
import { quote, quoteTable } from './metadata.ts';
import { sequencesOf } from './sequences.ts';

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** A sequence by name, which need not belong to a column. */
async function named(em: EntityManager, sequence: string): Promise<string | undefined> {
  const rows = await em.execute(
    `select 1 from pg_class where oid = to_regclass(${literal(sequence)}) and relkind = 'S'`,
  );
  return rows.length > 0 ? sequence : undefined;
}

export function postgresqlKeys(): Pick<Engine, 'nextKeys' | 'skipTakenKeys' | 'trialKeys' | 'evaluate'> {
  /** Table and column -> the sequence's name in SQL; `undefined` if there is none. */
  const known = new Map<string, string | undefined>();

  async function sequenceOf(em: EntityManager, table: string, key: string): Promise<string | undefined> {
    const name = JSON.stringify([table, key]);
    if (!known.has(name)) {
      const own = (await sequencesOf(em, table)).find(({ column }) => column === key);
      known.set(name, own?.sequence ?? (await named(em, quoteTable(`${table}_${key}_seq`))));
    }
    return known.get(name);
  }

  async function skipTakenKeys(em: EntityManager, table: string, key = 'id'): Promise<void> {
    const sequence = await sequenceOf(em, table, key);
    if (sequence !== undefined) {
      await em.execute(
        `select setval(${literal(sequence)}, ${startOfSequence(quoteTable(table), sequence, quote(key))})`,
      );
    }
  }

  async function trialKeys(em: EntityManager, table: string, count: number, key: string): Promise<number[]> {
    const sequence = await sequenceOf(em, table, key);
    const [name, column] = [quoteTable(table), quote(key)];
    const start = sequence === undefined ? startOfFreeKeys(name, column) : startOfSequence(name, sequence, column);
    const { rows } = await em
      .getKysely<unknown>()
      .executeQuery<{ start: number }>(CompiledQuery.raw(`select ${start} as start`));
    return keysAfter(Number(rows[0]?.start ?? 0), count);
  }

  return {
    async nextKeys(em, table, count, key = 'id') {
      const sequence = await sequenceOf(em, table, key);
      if (sequence === undefined) {
        return trialKeys(em, table, count, key);
      }
      const text = `select nextval(${literal(sequence)}) as key from generate_series(1, $1)`;
      const query = CompiledQuery.raw(text, keepStatement([count]));
      const draw = async () => {
        const { rows } = await em.getKysely<unknown>().executeQuery<{ key: number }>(query);
        return rows.map((row) => row.key);
      };
      const keys = await draw();
      if (keys.every(Number.isSafeInteger)) {
        return keys;
      }
      // the sequence has not reached the greatest key
      await skipTakenKeys(em, table, key);
      return draw();
    },
    skipTakenKeys,
    trialKeys,
    async evaluate(em, expression, count) {
      const query = CompiledQuery.raw(`select (${expression}) as value from generate_series(1, $1)`, [count]);
      const { rows } = await em.getKysely<unknown>().executeQuery<{ value: unknown }>(query);
      return rows.map(({ value }) => value);
    },
  };
}
