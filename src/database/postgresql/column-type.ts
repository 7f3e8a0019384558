/** The column type that PostgreSQL would declare for a property, whichever engine its database uses. */
import type { EntityProperty, Type } from '@mikro-orm/core';
import { BasePostgreSqlPlatform } from '@mikro-orm/sql';

/** The platform of `driver.ts` without its driver, which is not installed in a project that uses SQLite. */
class WideIntegerBasePlatform extends BasePostgreSqlPlatform {
  override getIntegerTypeDeclarationSQL(column: Parameters<BasePostgreSqlPlatform['getBigIntTypeDeclarationSQL']>[0]) {
    return this.getBigIntTypeDeclarationSQL(column);
  }
}

const platform = new WideIntegerBasePlatform();

export function postgresqlTypeOf(property: EntityProperty): string {
  const type = (property.customType as Type | undefined) ?? platform.getDefaultMappedType(nameOf(property));
  // MikroORM has filled in the type for the engine that the metadata belongs to
  const bare = { ...property };
  Reflect.deleteProperty(bare, 'columnTypes');
  return type.getColumnType(bare, platform);
}

/** @param name the name of a type, for an element of a property that is a list */
export function postgresqlTypeNamed(name: string, property: EntityProperty): string {
  return platform
    .getDefaultMappedType(nameOf({ ...property, type: name, enum: false }))
    .getColumnType(property, platform);
}

/** The type name that MikroORM chooses for a property. */
function nameOf({ type, enum: isEnum, items = [], nativeEnumName }: EntityProperty): string {
  if (nativeEnumName !== undefined) {
    return 'enum';
  }
  if (isEnum) {
    return items.every((item) => typeof item === 'string') ? 'enum' : 'tinyint';
  }
  return type === 'Date' ? 'datetime' : type;
}
