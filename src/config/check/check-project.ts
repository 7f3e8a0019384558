/** Checks without a connection whether each entity of a project can be loaded, and whether its references and natural keys are valid. */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { type EntityMetadata, type EntityName, MetadataStorage } from '@mikro-orm/core';
import { ValidationTypes } from 'class-validator';
import { columnTypeOf } from '../../database/column-types.ts';
import { Database } from '../../database/database.ts';
import { classNameOf, type DatabaseDeclaration } from '../../database/declaration.ts';
import { displayPath } from '../../database/location.ts';
import { type Table, tablesOf } from '../../database/table.ts';
import { obstaclesOf } from '../../populate/record/obstacles.ts';
import { messageOf } from '../../shared/errors.ts';
import { hasRules, metadataOf } from '../../shared/rules/rules.ts';
import { suggestion } from '../../shared/text/suggest.ts';
import type { Project } from '../module.ts';
import { placeOf, type SourcePlace } from './source-place.ts';

export interface Problem extends Partial<SourcePlace> {
  readonly property?: string;
  readonly message: string;
}

export interface CheckedEntity {
  readonly database: string;
  readonly entity: string;
  /** The class name of the entity. */
  readonly class: string;
  /** Whether files can be loaded into its table. */
  readonly loadable: boolean;
  readonly problems: readonly Problem[];
}

type OpenedTables = readonly (Table | FailedTable)[];

/** A table of a database whose entities MikroORM does not accept. */
interface FailedTable {
  readonly database: { readonly declaration: DatabaseDeclaration };
  readonly declaration: DatabaseDeclaration['entities'][number];
  readonly failure: string;
}

export async function checkProject({ databases, config }: Project): Promise<CheckedEntity[]> {
  const root = config === undefined ? process.cwd() : dirname(config);
  const opened: Database[] = [];
  try {
    const found = await Promise.all(databases.map((declaration) => tablesFrom(declaration, opened)));
    const tables = found.flat();
    return tables.map((table) => checkEntity(table, tables, root));
  } finally {
    await Promise.all(opened.map((database) => database.close()));
  }
}

async function tablesFrom(declaration: DatabaseDeclaration, opened: Database[]): Promise<OpenedTables> {
  try {
    const database = await Database.unconnected(declaration, { create: false });
    opened.push(database);
    return tablesOf(database);
  } catch (error) {
    const failure = messageOf(error);
    return declaration.entities.map((entity) => ({ database: { declaration }, declaration: entity, failure }));
  }
}

function checkEntity(table: Table | FailedTable, tables: OpenedTables, root: string): CheckedEntity {
  const { database, declaration } = table;
  const found = 'failure' in table ? failureOf(table, root) : problemsOf(table, tables, root);
  const others = 'failure' in table ? [] : unappliedRules(table, root);
  return {
    database: database.declaration.name,
    entity: declaration.name,
    class: classNameOf(declaration.entity),
    loadable: found.length === 0,
    problems: [...found, ...others, ...sampleProblem(declaration.sample)],
  };
}

/** MikroORM's message may name another entity of the database, or none. */
function failureOf({ declaration, failure }: FailedTable, root: string): Problem[] {
  const className = classNameOf(declaration.entity);
  const property = new RegExp(`\\b${className}\\.(\\w+)`).exec(failure)?.[1];
  const path = pathOf(declaration.entity);
  const place = property === undefined || path === undefined ? undefined : placeOf({ path, className }, property, root);
  return [{ ...(property === undefined ? {} : { property }), message: failure, ...place }];
}

/** The file of an entity that was not discovered, from its schema or its decorators. */
function pathOf(entity: EntityName<object>): string | undefined {
  const { meta, [MetadataStorage.PATH_SYMBOL]: decorated } = entity as {
    readonly meta?: { readonly path?: string };
    readonly [MetadataStorage.PATH_SYMBOL]?: string;
  };
  return meta?.path ?? decorated;
}

function problemsOf(table: Table, tables: OpenedTables, root: string): Problem[] {
  const { metadata, database } = table;
  const problems = [
    ...obstaclesOf(metadata, database.engine.storage, table.uniqueKeys),
    ...unknownProperties(table),
    ...referenceProblems(table, tables),
  ];
  return problems.map((problem) => ({ ...problem, ...placeOf(metadata, problem.property, root) }));
}

function unknownProperties({ metadata, declaration }: Table): Problem[] {
  const known = metadata.props.map(({ name }) => name as string);
  const { naturalKeys = [], references = {} } = declaration;
  const wrong = (property: string, what: string): Problem[] =>
    known.includes(property)
      ? []
      : [
          {
            message: `${metadata.className} has no property "${property}", which ${what} names. ${suggestion(property, known)}`,
          },
        ];
  return [
    ...naturalKeys.flatMap(({ properties, onlyWithout }) =>
      [...properties, ...(onlyWithout === undefined ? [] : [onlyWithout])].flatMap((one) =>
        wrong(one, 'a natural key'),
      ),
    ),
    ...Object.keys(references).flatMap((property) => wrong(property, 'a reference')),
  ];
}

/** References are compared with the primary keys of their target, so both need the same type. */
function referenceProblems({ metadata, declaration }: Table, tables: OpenedTables): Problem[] {
  return Object.entries(declaration.references ?? {}).flatMap(([property, { database, entity }]) => {
    const target = tables.find((one) => one.database.declaration.name === database && one.declaration.name === entity);
    const name = `${database}.${entity}`;
    if (target === undefined || 'failure' in target || !metadata.props.some((one) => one.name === property)) {
      return [];
    }
    const [key, ...more] = target.metadata.primaryKeys;
    if (key === undefined || more.length > 0) {
      const keys = target.metadata.primaryKeys.join(', ');
      return [
        {
          property,
          message: `${metadata.className}.${property} refers to ${name}, whose primary key has several properties (${keys}). One property cannot hold it.`,
        },
      ];
    }
    const own = typeOf(metadata, property);
    const wanted = typeOf(target.metadata, key);
    return own === wanted
      ? []
      : [
          {
            property,
            message: `${metadata.className}.${property} is of type ${own}, and refers to ${name}, whose ${key} is of type ${wanted}. Give both the same type.`,
          },
        ];
  });
}

/** What decides whether values can be equal: the kind of column and the type in the entity. */
function typeOf(meta: EntityMetadata, name: string): string {
  const property = meta.props.find((one) => one.name === name);
  if (property === undefined) {
    return 'unknown';
  }
  const { kind } = columnTypeOf(meta, property);
  return `${kind === 'whole' ? 'whole number' : kind} (${property.runtimeType} in the entity)`;
}

/** class-validator validates an embedded object only where its property has `@ValidateNested()`. */
function unappliedRules({ metadata }: Table, root: string): Problem[] {
  const rules = metadataOf(metadata.class as new () => object);
  const isNested = (name: string) =>
    rules.some(({ propertyName, type }) => propertyName === name && type === ValidationTypes.NESTED_VALIDATION);
  return metadata.props
    .filter(({ kind, embedded, name }) => kind === 'embedded' && embedded === undefined && !isNested(name))
    .filter(({ embeddable }) => hasRules(embeddable as new () => object))
    .map(({ name, type }) => ({
      property: name,
      message: `The rules of ${type} are not applied to ${metadata.className}.${name}. Declare it with @ValidateNested() of class-validator.`,
      ...placeOf(metadata, name, root),
    }));
}

function sampleProblem(sample: string | undefined): Problem[] {
  return sample === undefined || existsSync(sample)
    ? []
    : [{ message: `The sample ${displayPath(sample)} does not exist. Write it, or remove sample from the config.` }];
}
