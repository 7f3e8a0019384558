/** Lets MikroORM's own queries read bigints exactly: the driver gives whole numbers as JavaScript numbers, which round beyond 2^53. */
import { type EntityProperty, type MetadataStorage, types } from '@mikro-orm/core';

/** For `discovery.afterDiscovered`. */
export function readBigintsAsText(metadata: MetadataStorage): void {
  for (const property of [...metadata].flatMap(({ props }) => props)) {
    readAsText(property);
  }
}

function readAsText(property: EntityProperty): void {
  const { customType } = property;
  if (customType instanceof types.bigint && !property.hasConvertToJSValueSQL) {
    // of this instance, for its class is what tells a type of MikroORM's own
    customType.convertToJSValueSQL = (key: string) => `cast(${key} as text)`;
    property.hasConvertToJSValueSQL = true;
  }
}
