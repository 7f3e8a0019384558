/**
 * One discovery of entities for all databases that have the same ones. MikroORM 7.2.1 reads the decorators of all entities and compiles what it
 * makes of them for each instance, which takes longer than to open an SQLite file: a program opens a database for each region, and opens
 * some of them again and again.
 */
import type { EntityMetadata, EntityName, MetadataStorage } from '@mikro-orm/core';
import { type AbstractSqlDriver, type EntityManager, type Options, MikroORM as SqlMikroORM } from '@mikro-orm/sql';

/** What a discovery depends on. */
export interface DiscoveryInputs {
  readonly entities: readonly EntityName<object>[];
  /** The options of the project, which may name a naming strategy or hooks. */
  readonly project: Options | undefined;
  /** The engine. */
  readonly driver: Options['driver'];
  /** Of the tables, if it becomes a part of their names. */
  readonly schema: string | undefined;
}

interface Discovery extends DiscoveryInputs {
  readonly metadata: MetadataStorage;
}

/** By the first entity, so that those of a program that is done with them are not kept. */
const discoveries = new WeakMap<EntityName<object>, Discovery[]>();

/**
 * Makes a MikroORM instance, with the metadata of an earlier one if there was one with the same inputs.
 *
 * @param configure sets in the configuration of such an instance what a discovery would have set
 */
export function mikroOrmOf(
  inputs: DiscoveryInputs,
  options: Options,
  configure: (orm: SqlMikroORM) => void,
): SqlMikroORM {
  const [first] = inputs.entities;
  if (first === undefined) {
    return new SqlMikroORM(options);
  }
  const earlier = discoveries.get(first) ?? [];
  const known = earlier.find((discovery) => isSame(discovery, inputs));
  if (known !== undefined) {
    const orm = new DiscoveredMikroOrm(options, known.metadata);
    configure(orm);
    return orm;
  }
  const orm = new SqlMikroORM(options);
  discoveries.set(first, [...earlier, { ...inputs, metadata: orm.getMetadata() }]);
  return orm;
}

function isSame({ entities, project, driver, schema }: DiscoveryInputs, other: DiscoveryInputs): boolean {
  return (
    project === other.project &&
    driver === other.driver &&
    schema === other.schema &&
    entities.length === other.entities.length &&
    entities.every((entity, index) => entity === other.entities[index])
  );
}

class DiscoveredMikroOrm extends SqlMikroORM<AbstractSqlDriver, EntityManager> {
  readonly #metadata: MetadataStorage;

  constructor(options: Options, metadata: MetadataStorage) {
    super({ ...options, discovery: { ...options.discovery, skipSyncDiscovery: true } });
    this.#metadata = metadata;
    this.driver.setMetadata(metadata);
    const em = this.driver.createEntityManager();
    Object.assign(em, { global: true });
    this.em = em as typeof this.em;
  }

  override getMetadata(): MetadataStorage;
  override getMetadata<T extends object>(entity: EntityName<T>): EntityMetadata<T>;
  override getMetadata<T extends object>(entity?: EntityName<T>): MetadataStorage | EntityMetadata<T> {
    return entity === undefined ? this.#metadata : this.#metadata.get(entity);
  }
}
