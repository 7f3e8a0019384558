/** Makes MikroORM's own queries read bigints exactly: the driver returns integers as JavaScript numbers, which are rounded beyond 2^53. */
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
    // set on the instance, because MikroORM recognizes its own types by class
    customType.convertToJSValueSQL = (key: string) => `cast(${key} as text)`;
    property.hasConvertToJSValueSQL = true;
  }
}
