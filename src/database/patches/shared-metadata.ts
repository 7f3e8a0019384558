/**
 * Shares one discovery among all databases with the same entities. MikroORM 7.2.1 reads the decorators and compiles functions for every
 * instance, which takes longer than opening an SQLite file. A program opens a database per region, and some of them repeatedly.
 */
import type { EntityMetadata, EntityName, MetadataStorage } from '@mikro-orm/core';
import { type AbstractSqlDriver, type EntityManager, type Options, MikroORM as SqlMikroORM } from '@mikro-orm/sql';

/** The inputs of a discovery. */
export interface DiscoveryInputs {
  readonly entities: readonly EntityName<object>[];
  /** The project's options, which may contain a naming strategy or hooks. */
  readonly project: Options | undefined;
  /** The engine. */
  readonly driver: Options['driver'];
  /** The schema of the tables, if it becomes part of their names. */
  readonly schema: string | undefined;
}

interface Discovery extends DiscoveryInputs {
  readonly metadata: MetadataStorage;
}

/** Keyed by the first entity, so that entities that a program no longer uses can be collected. */
const discoveries = new WeakMap<EntityName<object>, Discovery[]>();

/**
 * Creates a MikroORM instance, with the metadata of an earlier one if the inputs are the same.
 *
 * @param configure applies the settings of a discovery to the configuration of an instance that skips it
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
