/** What MikroORM knows of entity classes, without a database file. */
import 'reflect-metadata';
import type { EntityMetadata } from '@mikro-orm/core';
import { ReflectMetadataProvider } from '@mikro-orm/decorators/legacy';
import { MikroORM, type Options } from '@mikro-orm/sqlite';
import type { DatabaseDeclaration } from '../../src/database/declaration.ts';
import { engineOptions } from '../../src/database/options.ts';
import { sqliteEngine } from '../../src/database/sqlite/engine.ts';
import { MEMORY } from '../../src/database/sqlite/url.ts';
import { Columns } from '../../src/populate/record/columns.ts';
import { shapeOf } from '../../src/populate/record/shape.ts';
import { type Validated, validate } from '../../src/populate/record/validate.ts';
import type { RecordError } from '../../src/shared/rules/rules.ts';
import { onlyEntity } from './only-table.ts';

type EntityClass = new () => object;

/** The metadata of `entity`, discovered together with the `others` that it refers to. */
export function metadataOf(entity: EntityClass, ...others: EntityClass[]): EntityMetadata {
  const orm = new MikroORM({
    entities: [entity, ...others],
    dbName: ':memory:',
    metadataProvider: ReflectMetadataProvider,
  });
  return orm.getMetadata().get(entity);
}

/** The metadata of an entity of the catalog, as its database has it. */
export function metadataIn(declaration: DatabaseDeclaration): EntityMetadata {
  const orm = new MikroORM(engineOptions(declaration, sqliteEngine({ engine: 'sqlite', file: MEMORY })) as Options);
  return orm.getMetadata().get(onlyEntity(declaration).entity);
}

/** Takes one record of an entity the way that every record takes. */
export function validatorOf(metadata: EntityMetadata): (record: unknown) => Validated {
  const shape = shapeOf(metadata);
  return (record) => validate(shape, new Columns(shape), { number: 1, line: 1, record });
}

/** The errors of a record in an order that does not hang on the order of decorators; none for a valid one. */
export function errorsOf(validated: Validated): RecordError[] {
  return 'errors' in validated ? sorted(validated.errors) : [];
}

export function sorted(errors: readonly RecordError[]): RecordError[] {
  const key = ({ property, code }: RecordError) => `${property} ${code}`;
  return [...errors].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
