/** Verifies stored rows: the rules of their entities, and the references between databases. */
import type { EntityMetadata } from '@mikro-orm/core';
import type { Database, EntityManager } from '../database/database.ts';
import { refuseUnmigrated } from '../database/open-migrated.ts';
import { secretIn } from '../database/property-path.ts';
import { primaryKeyOf } from '../database/relations.ts';
import { tablesOf } from '../database/table.ts';
import type { Values } from '../database/values.ts';
import { settleAll } from '../shared/async/settle.ts';
import { hasRules, type RecordError, ruleErrors } from '../shared/rules/rules.ts';
import {
  type ConnectedTable,
  type MissingKeys,
  missingKeys,
  type Reference,
  referenceErrors,
  referencesOf,
} from './references.ts';
import { withRelationKeys } from './relation-keys.ts';

/** A stored row that breaks a rule or has a dangling reference. */
export interface Violation {
  /** The entity's name, unless the database has only one that is loaded from files. */
  readonly entity?: string;
  readonly id: unknown;
  readonly errors: readonly RecordError[];
}

/** The result for one table. */
export interface DatabaseVerdict {
  /** The number of rows of all entities with rules. */
  readonly rows: number;
  /** The number of rows that break a rule or have a dangling reference. */
  readonly violations: number;
  /** The first violations. */
  readonly examples: readonly Violation[];
}

export interface VerifyOptions {
  readonly pageRows?: number;
  readonly maxExamples?: number;
}

/** Number of rows to read at a time. */
const PAGE_ROWS = 1000;
const MAX_EXAMPLES = 100;

/**
 * @param databases connected databases, with the targets of their references
 * @throws MeridianError `migration` for a database without the newest schema, `database` for one that cannot be read
 */
export async function verify(
  databases: readonly Database[],
  options: VerifyOptions = {},
): Promise<Record<string, DatabaseVerdict>> {
  const connected = databases.map((database) => ({ database, em: database.fork() }));
  const tables = connected.flatMap(({ database, em }) => tablesOf(database).map((table) => ({ table, em })));
  await settleAll(databases.map(refuseUnmigrated));
  const verdicts = await settleAll(
    connected.map(async ({ database, em }) => [database.name, await verifyOne(database, em, tables, options)] as const),
  );
  return Object.fromEntries(verdicts);
}

async function verifyOne(
  database: Database,
  em: EntityManager,
  tables: readonly ConnectedTable[],
  { pageRows = PAGE_ROWS, maxExamples = MAX_EXAMPLES }: VerifyOptions,
): Promise<DatabaseVerdict> {
  const examples: Violation[] = [];
  let rows = 0;
  let violations = 0;
  for (const metadata of entitiesWithRules(database)) {
    const primaryKey = primaryKeyOf(metadata);
    const isSecret = secretIn(metadata);
    const table = tablesOf(database).find((one) => one.metadata === metadata);
    const references = table === undefined ? [] : referencesOf(table, tables);
    for await (const page of pages(database, em, metadata, pageRows)) {
      const missing = await missingIn(page, references);
      for (const row of page) {
        const dangling = referenceErrors(references, row, missing);
        const isExempt = dangling.length > 0 && table?.declaration.isExempt?.(row);
        const errors = [...ruleErrors(row, [], isSecret), ...(isExempt ? [] : dangling)];
        if (errors.length > 0) {
          violations++;
          if (examples.length < maxExamples) {
            const isOnly = table !== undefined && database.declaration.entities.length === 1;
            examples.push({
              ...(isOnly ? {} : { entity: metadata.className }),
              id: primaryKey.shown(primaryKey.of(row)),
              errors,
            });
          }
        }
      }
      rows += page.length;
    }
  }
  return { rows, violations, examples };
}

/** The entities that are loaded from files, and other entities with rules. */
function entitiesWithRules(database: Database): EntityMetadata[] {
  const others = (database.declaration.others ?? []).map((one) => database.metadataOf(one));
  return [
    ...tablesOf(database).map(({ metadata }) => metadata),
    ...others.filter((one) => hasRules(one.class as new () => object)),
  ];
}

/** All rows in primary key order, in pages. */
async function* pages(
  database: Database,
  em: EntityManager,
  metadata: EntityMetadata,
  limit: number,
): AsyncGenerator<Values[]> {
  const keys = metadata.primaryKeys;
  let where: object = {};
  for (;;) {
    let page: Values[];
    try {
      page = await em.find<Values>(metadata.class, where, {
        orderBy: keys.map((name) => ({ [name]: 'asc' })),
        limit,
        disableIdentityMap: true,
        // do not load eager relations
        populate: false,
      });
    } catch (error) {
      throw database.explain(error);
    }
    const last = page.at(-1);
    if (last === undefined) {
      return;
    }
    yield page.map((row) => withRelationKeys(metadata, row));
    where = after(keys, last);
  }
}

/** The condition for rows that follow one in the order of these properties. */
function after([first = '', ...more]: readonly string[], last: Values): object {
  const later = { [first]: { $gt: last[first] } };
  return more.length === 0 ? later : { $or: [later, { [first]: last[first], ...after(more, last) }] };
}

/** Property -> keys in these rows that do not exist in its target. */
async function missingIn(page: readonly Values[], references: readonly Reference[]): Promise<MissingKeys> {
  const missing = new Map<string, ReadonlySet<unknown>>();
  for (const reference of references) {
    const keys = new Set(page.map((row) => reference.key.of(row)).filter((key) => key !== undefined));
    missing.set(reference.property, new Set(await missingKeys(reference, [...keys])));
  }
  return missing;
}
