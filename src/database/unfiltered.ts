/**
 * An EntityManager that sees all rows: the project's filters are for its programs, and Meridian's own tables lack the filtered properties.
 */
import type { EntityName, FilterQuery } from '@mikro-orm/core';
import { SqlEntityManager } from '@mikro-orm/sql';

export class UnfilteredEntityManager extends SqlEntityManager {
  override applyFilters<Entity extends object>(
    _entity: EntityName<Entity>,
    where: FilterQuery<Entity> | undefined,
  ): Promise<FilterQuery<Entity> | undefined> {
    return Promise.resolve(where);
  }
}
