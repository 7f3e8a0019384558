/** All reasons why an entity cannot be loaded; the entity's shape throws only the first one. */
import type { EntityMetadata } from '@mikro-orm/core';
import type { NaturalKey } from '../../database/declaration.ts';
import { POSTGRESQL_STORAGE, type StorageDialect } from '../../database/storage.ts';
import { MeridianError } from '../../shared/errors.ts';
import { coercionOf } from './coerce.ts';
import { loadedProps, shapeOf } from './shape.ts';

export interface Obstacle {
  /** Set if a single property is the reason. */
  readonly property?: string;
  /** A sentence. */
  readonly message: string;
}

export function obstaclesOf(
  meta: EntityMetadata,
  dialect: StorageDialect = POSTGRESQL_STORAGE,
  naturalKeys: readonly NaturalKey[] = [],
): Obstacle[] {
  const ofProperties = loadedProps(meta).flatMap((property) => {
    const message = failureOf(() => coercionOf(meta, property));
    return message === undefined ? [] : [{ property: property.name, message }];
  });
  const message = failureOf(() => shapeOf(meta, dialect, naturalKeys));
  if (message === undefined || ofProperties.some((one) => one.message === message)) {
    return ofProperties;
  }
  const property = meta.props.find(({ name }) => message.startsWith(`${meta.className}.${name} `))?.name;
  return [...ofProperties, { ...(property === undefined ? {} : { property }), message }];
}

function failureOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof MeridianError) {
      return error.message;
    }
    throw error;
  }
}
