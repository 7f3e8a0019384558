/** Makes the declaration of a database from its config, without its MikroORM options. */
import { resolve } from 'node:path';
import type { EntityName } from '@mikro-orm/sql';
import {
  classNameOf,
  classOf,
  type DatabaseDeclaration,
  type EntityDeclaration,
  type ReferenceTarget,
} from '../database/declaration.ts';
import { withLoads } from '../loads/own-tables.ts';
import { withInbox } from '../replication/inbox/own-tables.ts';
import { withOutbox } from '../replication/outbox/own-tables.ts';
import { MeridianError } from '../shared/errors.ts';
import type { DatabaseConfig, DeclaredEntity, EntityConfig } from './types.ts';
import { isEntity } from './validate.ts';

/**
 * @param root the folder that paths are relative to, and that has the migrations
 * @throws MeridianError `usage` for an entity that is named twice
 */
export function declare(name: string, config: DatabaseConfig, root: string): DatabaseDeclaration {
  const entities = Object.entries(config.entities).map(([entity, one]) => entityFrom(entity, one, root));
  refuseTwice(name, entities);
  const others = (config.others ?? []) as readonly EntityName<object>[];
  const declaration = withLoads({ name, entities, ...(others.length === 0 ? {} : { others }), root });
  const publishing = config.outbox ? withOutbox(declaration) : declaration;
  return config.inbox ? withInbox(publishing) : publishing;
}

function entityFrom(name: string, given: DeclaredEntity | EntityConfig, root: string): EntityDeclaration {
  if (isEntity(given)) {
    return { name, entity: given as EntityName<object> };
  }
  const { entity, naturalKeys, references, outboxMapping, isExempt, sample } = given as EntityConfig;
  return {
    name,
    entity: entity as EntityName<object>,
    ...(naturalKeys && { naturalKeys: naturalKeys.map((key) => ('properties' in key ? key : { properties: key })) }),
    ...(references && { references: mapValues(references, targetOf) }),
    ...(outboxMapping && { outboxMapping }),
    ...(isExempt && { isExempt }),
    ...(sample === undefined ? {} : { sample: resolve(root, sample) }),
  };
}

/** `parcels.depot` -> the entity depot of parcels. */
function targetOf(name: string): ReferenceTarget {
  const [database = '', entity = ''] = name.split('.');
  return { database, entity };
}

function mapValues<A, B>(object: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

/** Two concurrent loads into one table would overwrite each other's rows. */
function refuseTwice(database: string, entities: readonly EntityDeclaration[]): void {
  const names = new Map<unknown, string>();
  for (const { name, entity } of entities) {
    const before = names.get(classOf(entity));
    if (before !== undefined) {
      throw new MeridianError(
        'usage',
        `databases.${database}.entities names ${classNameOf(entity)} twice, as ${before} and as ${name}. Keep one of them.`,
      );
    }
    names.set(classOf(entity), name);
  }
}
