/** The discovered databases and entities that the new config of a project will name. */
import process from 'node:process';
import type { EntityMetadata, EntityName } from '@mikro-orm/core';
import { locationIn } from '../../../config/orm-location.ts';
import { columnTypeOf } from '../../../database/column-types.ts';
import { Database } from '../../../database/database.ts';
import { relationsOf } from '../../../database/relations.ts';
import { type EntityModule, moduleOf } from './entity-modules.ts';
import type { FoundDatabase } from './orm-configs.ts';

export interface PlannedEntity {
  /** The name in the config: `orderLine` for OrderLine. */
  readonly name: string;
  readonly module: EntityModule;
  readonly meta: EntityMetadata;
  /** Property -> `database.entity`, guessed from names and types. */
  references: Readonly<Record<string, string>>;
}

export interface PlannedDatabase {
  name: string;
  readonly file: string;
  readonly contextName?: string;
  readonly entities: readonly PlannedEntity[];
  /** Entities that no module exports, which the config therefore cannot name. */
  readonly left: readonly string[];
}

export async function planDatabases(found: readonly FoundDatabase[], root: string): Promise<PlannedDatabase[]> {
  const planned: PlannedDatabase[] = [];
  for (const database of found) {
    planned.push(await planDatabase(database, root));
  }
  guessReferences(planned);
  return planned;
}

async function planDatabase(found: FoundDatabase, root: string): Promise<PlannedDatabase> {
  const { name, file, contextName, options, entities } = found;
  const location = await locationIn(name, options, process.env);
  const database = await Database.unconnected(
    { name, entities: [], others: entities, orm: options, root, ...(location === undefined ? {} : { location }) },
    { create: false },
  );
  try {
    const metas = inOrder(entities.map((entity) => database.metadataOf(entity)).filter(hasTable));
    const planned: PlannedEntity[] = [];
    const left: string[] = [];
    for (const meta of metas) {
      const entity = entities.find((one) => database.metadataOf(one) === meta) as EntityName<object>;
      const module = await moduleOf(entity, meta, root);
      if (module === undefined) {
        left.push(meta.className);
      } else {
        planned.push({ name: entityName(meta.className), module, meta, references: {} });
      }
    }
    return { name, file, ...(contextName === undefined ? {} : { contextName }), entities: planned, left };
  } finally {
    await database.close();
  }
}

/**
 * Whether an entity has a table of its own: not an embeddable, an abstract class or a view, and of several classes in one table only the
 * first.
 */
function hasTable({
  embeddable,
  abstract,
  virtual,
  view,
  pivotTable,
  root,
  class: own,
  readonly,
}: EntityMetadata): boolean {
  const isChild = root !== undefined && root.class !== own;
  return !(embeddable || abstract || virtual || view || pivotTable || isChild || readonly);
}

/** Sorts parents before the children that refer to them, and otherwise keeps the order. */
function inOrder(metas: readonly EntityMetadata[]): EntityMetadata[] {
  const ordered: EntityMetadata[] = [];
  const begun = new Set<EntityMetadata>();
  const add = (meta: EntityMetadata) => {
    if (!begun.has(meta)) {
      begun.add(meta);
      for (const { target } of relationsOf(meta)) {
        const parent = metas.find((one) => one.class === target.class);
        if (parent !== undefined) {
          add(parent);
        }
      }
      ordered.push(meta);
    }
  };
  for (const meta of metas) {
    add(meta);
  }
  return ordered;
}

function entityName(className: string): string {
  return className.slice(0, 1).toLowerCase() + className.slice(1);
}

/** `customerId` refers to the Customer of another database if there is only one, and its key has the same type. */
function guessReferences(databases: readonly PlannedDatabase[]): void {
  for (const database of databases) {
    for (const entity of database.entities) {
      const guesses = entity.meta.props.flatMap(({ name, kind }) => {
        const [, target] = /^(.+)(?:Id|_id)$/.exec(name) ?? [];
        const others = databases.filter((one) => one !== database);
        const [found, ...more] = others.flatMap((other) =>
          other.entities.filter((one) => one.name === target).map((one) => ({ other, one })),
        );
        const isOne = kind === 'scalar' && found !== undefined && more.length === 0;
        return isOne && hasTypeOfKey(entity.meta, name, found.one.meta)
          ? [[name, `${found.other.name}.${found.one.name}`]]
          : [];
      });
      entity.references = Object.fromEntries(guesses);
    }
  }
}

function hasTypeOfKey(meta: EntityMetadata, name: string, target: EntityMetadata): boolean {
  const [key, ...more] = target.primaryKeys;
  const typeOf = (of: EntityMetadata, property: string | undefined) => {
    const found = of.props.find((one) => one.name === property);
    return found && `${columnTypeOf(of, found).kind} ${found.runtimeType}`;
  };
  return more.length === 0 && typeOf(meta, name) === typeOf(target, key);
}
