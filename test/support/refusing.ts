/** Rules that only the database has, for each engine. */
import type { EngineName, Place } from './engines.ts';

interface Trigger {
  /** Of the table; it is called as the table is, if it is not said. */
  readonly database?: string;
  readonly table: string;
  /** `insert` or `update`. */
  readonly on: 'insert' | 'update';
  /** A condition over `new`. */
  readonly when: string;
}

let triggers = 0;

/** A trigger that refuses a row with a message. */
export async function refuseRows(place: Place, trigger: Trigger, message: string): Promise<void> {
  await make(place, trigger, {
    sqlite: `select raise(abort, '${message}');`,
    postgresql: `raise exception '${message}';`,
  });
}

/** A trigger that skips a row without an error. */
export async function skipRows(place: Place, trigger: Trigger): Promise<void> {
  await make(place, trigger, { sqlite: 'select raise(ignore);', postgresql: 'return null;' });
}

async function make(
  place: Place,
  { table, database = table, on, when }: Trigger,
  does: Readonly<Record<EngineName, string>>,
): Promise<void> {
  triggers++;
  if (place.engine === 'sqlite') {
    const made = `create trigger rule${triggers} before ${on} on ${table} when ${when} begin ${does.sqlite} end`;
    await place.execute(database, made);
    return;
  }
  await place.execute(
    database,
    `create function rule${triggers}() returns trigger language plpgsql as $$ begin ${does.postgresql} return new; end $$`,
  );
  await place.execute(
    database,
    `create trigger rule${triggers} before ${on} on ${table} for each row when (${when}) execute function rule${triggers}()`,
  );
}
