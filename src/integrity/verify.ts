/** Checks what is stored, at any time: the rules on every row, and the references between the databases. */
import type { EntityClass, EntityMetadata } from '@mikro-orm/core';
import type { Database, EntityManager } from '../database/database.ts';
import { urlVariable } from '../database/location.ts';
import { refusePending } from '../database/migrations.ts';
import { danglingMessage, missingKeys } from '../populate/check/rounds.ts';
import type { Values } from '../populate/record/validate.ts';
import { settleAll } from '../shared/async/settle.ts';
import { MeridianError } from '../shared/errors.ts';
import { hasRules, type RecordError, ruleErrors } from '../shared/rules/rules.ts';

export interface Violation {
  /** The class of the row, where it is not of the entity that is populated. */
  readonly entity?: string;
  readonly id: unknown;
  readonly errors: readonly RecordError[];
}

export interface DatabaseVerdict {
  /** Of all entities that have rules. */
  readonly rows: number;
  /** How many rows violate a rule or point at nothing. */
  readonly violations: number;
  /** The first of them. */
  readonly examples: readonly Violation[];
}

export interface VerifyOptions {
  readonly pageRows?: number;
  readonly maxExamples?: number;
}

/** How many rows are held at a time. */
const PAGE_ROWS = 1000;
const MAX_EXAMPLES = 100;

const NO_ERRORS: ReadonlyMap<Values, RecordError[]> = new Map();

/**
 * @param databases connected; all that their references point into among them
 * @throws MeridianError `migration` for a database that is not at its newest schema, `database` for one that cannot be read
 */
export async function verify(
  databases: readonly Database[],
  options: VerifyOptions = {},
): Promise<Record<string, DatabaseVerdict>> {
  const forks = new Map(databases.map((database) => [database.name, { database, em: database.fork() }]));
  await settleAll(databases.map(refuseUnmigrated));
  const verdicts = await settleAll(
    [...forks.values()].map(
      async ({ database, em }) => [database.name, await verifyOne(database, em, forks, options)] as const,
    ),
  );
  return Object.fromEntries(verdicts);
}

type Forks = ReadonlyMap<string, { readonly database: Database; readonly em: EntityManager }>;

async function refuseUnmigrated(database: Database): Promise<void> {
  if (database.isMissing) {
    throw new MeridianError(
      'database',
      `${database.name}: ${database.engine.absence}. Make it with npm run migrate, or say where it is with ${urlVariable(database.name)}.`,
    );
  }
  await refusePending(database);
}

async function verifyOne(
  database: Database,
  em: EntityManager,
  forks: Forks,
  { pageRows = PAGE_ROWS, maxExamples = MAX_EXAMPLES }: VerifyOptions,
): Promise<DatabaseVerdict> {
  const examples: Violation[] = [];
  let rows = 0;
  let violations = 0;
  for (const metadata of entitiesWithRules(database)) {
    const [primaryKey = ''] = metadata.primaryKeys;
    const isPopulated = metadata === database.metadata;
    for await (const page of pages(database, em, metadata, pageRows)) {
      const dangling = isPopulated ? await danglingErrors(database, page, forks) : NO_ERRORS;
      for (const row of page) {
        const errors = [...ruleErrors(row), ...(dangling.get(row) ?? [])];
        if (errors.length > 0) {
          violations++;
          if (examples.length < maxExamples) {
            examples.push({ ...(isPopulated ? {} : { entity: metadata.className }), id: row[primaryKey], errors });
          }
        }
      }
      rows += page.length;
    }
  }
  return { rows, violations, examples };
}

/** The entity that is populated, and those of the others that have rules. */
function entitiesWithRules({ orm, declaration: { entity, others = [] } }: Database): EntityMetadata[] {
  const metadataOf = (one: EntityClass<object>) => orm.getMetadata().get(one) as EntityMetadata;
  return [metadataOf(entity), ...others.map(metadataOf).filter((one) => hasRules(one.class as new () => object))];
}

/** All rows in the order of their primary key, each page asked for from where the last one ended. */
async function* pages(
  database: Database,
  em: EntityManager,
  metadata: EntityMetadata,
  limit: number,
): AsyncGenerator<Values[]> {
  const [primaryKey = ''] = metadata.primaryKeys;
  let where: object = {};
  for (;;) {
    let page: Values[];
    try {
      page = await em.find<Values>(metadata.class, where, {
        orderBy: { [primaryKey]: 'asc' },
        limit,
        disableIdentityMap: true,
      });
    } catch (error) {
      throw database.explain(error);
    }
    const last = page.at(-1);
    if (last === undefined) {
      return;
    }
    yield page;
    where = { [primaryKey]: { $gt: last[primaryKey] } };
  }
}

async function danglingErrors(
  database: Database,
  page: readonly Values[],
  forks: Forks,
): Promise<Map<Values, RecordError[]>> {
  const errors = new Map<Values, RecordError[]>();
  for (const [property, name] of Object.entries(database.declaration.references ?? {})) {
    const target = forks.get(name);
    if (target === undefined) {
      continue;
    }
    const keys = new Set(page.map((row) => row[property] ?? undefined).filter((key) => key !== undefined));
    const missing = new Set(await missingKeys(target.database, target.em, [...keys]));
    for (const row of page) {
      const key = row[property] ?? undefined;
      if (key !== undefined && missing.has(key) && !database.declaration.isExempt?.(row)) {
        const error = { property, code: 'reference', message: danglingMessage(target.database, key) };
        errors.set(row, [...(errors.get(row) ?? []), error]);
      }
    }
  }
  return errors;
}
