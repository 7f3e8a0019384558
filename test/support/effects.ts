/** Counts what is really written into central's facts, behind MikroORM's back: each write of a row, not each row. */
import type { Place } from './engines.ts';

export interface Effect {
  readonly what: string;
  readonly region: string;
  readonly id: number;
  readonly epoch: number;
  readonly version: number;
}

const FACTS = { order_fact: 'order_id', stock_fact: 'product_id' } as const;

/** From now on, every insert and update of a fact leaves a line. */
export async function watchEffects(place: Place): Promise<void> {
  const run = (sql: string) => place.execute('central', sql);
  await run(
    place.engine === 'sqlite'
      ? 'create table effects (number integer primary key autoincrement, what text, region text, id integer, epoch integer, version integer)'
      : 'create table effects (number bigserial primary key, what text, region text, id bigint, epoch bigint, version bigint)',
  );
  for (const [table, key] of Object.entries(FACTS)) {
    const insert = `insert into effects (what, region, id, epoch, version) values ('${table}', new.region, new.${key}, new.epoch, new.version);`;
    if (place.engine === 'sqlite') {
      for (const change of ['insert', 'update']) {
        await run(`create trigger ${table}_${change} after ${change} on ${table} begin ${insert} end`);
      }
    } else {
      await run(
        `create function note_${table}() returns trigger language plpgsql as $$ begin ${insert} return null; end $$`,
      );
      await run(`create trigger note after insert or update on ${table} for each row execute function note_${table}()`);
    }
  }
}

/** All of them so far, in the order in which they were written. */
export async function effectsIn(place: Place): Promise<Effect[]> {
  const rows = await place.execute('central', 'select what, region, id, epoch, version from effects order by number');
  return rows as unknown as Effect[];
}
