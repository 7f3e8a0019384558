/** The contestants. To add one, write its file in this folder and a line here. */
import type { Contestant } from '../contestant.ts';
import { PARTS } from '../regions/findings.ts';
import { duckdb } from './duckdb.ts';
import { meridianOnSqlite } from './meridian.ts';
import { peer } from './peer.ts';
import { sqliteUtils } from './sqlite-utils.ts';
import { sqlite3 } from './sqlite3.ts';

export const contestants: readonly Contestant[] = [
  meridianOnSqlite,
  sqlite3,
  sqliteUtils,
  duckdb,
  peer('better-sqlite3', 'better-sqlite3', { isOrm: false }),
  peer('typeorm', 'TypeORM', { isOrm: true }),
  peer('drizzle', 'Drizzle', { isOrm: true }),
  peer('mikro-orm', 'MikroORM insertMany', { isOrm: true }),
];

/** @param names of none where nothing is to be loaded @throws Error for a name that no contestant has */
export function choose(names: readonly string[] | undefined): readonly Contestant[] {
  const unknown = names?.filter((wanted) => !contestants.some(({ name }) => name === wanted)) ?? [];
  if (unknown.length > 0) {
    const there = contestants.map(({ name }) => name).join(', ');
    throw new Error(
      `--only: there is no ${unknown.join(', ')}. There are ${there}; and regions, with ${PARTS.join(', ')}.`,
    );
  }
  return contestants.filter(({ name }) => names?.includes(name) ?? true);
}
