/** How PostgreSQL would declare the column of a property, whichever engine its database uses. */
import type { EntityProperty, Type } from '@mikro-orm/core';
import { BasePostgreSqlPlatform } from '@mikro-orm/sql';

/** The platform of `driver.ts` without its driver, which a project on SQLite does not install. */
class WideIntegerBasePlatform extends BasePostgreSqlPlatform {
  override getIntegerTypeDeclarationSQL(column: Parameters<BasePostgreSqlPlatform['getBigIntTypeDeclarationSQL']>[0]) {
    return this.getBigIntTypeDeclarationSQL(column);
  }
}

const platform = new WideIntegerBasePlatform();

export function postgresqlTypeOf(property: EntityProperty): string {
  const type = (property.customType as Type | undefined) ?? platform.getDefaultMappedType(nameOf(property));
  // MikroORM has filled in the type of the engine that the metadata belongs to
  const bare = { ...property };
  Reflect.deleteProperty(bare, 'columnTypes');
  return type.getColumnType(bare, platform);
}

/** @param name of a type, for an element of a property that is a list */
export function postgresqlTypeNamed(name: string, property: EntityProperty): string {
  return platform
    .getDefaultMappedType(nameOf({ ...property, type: name, enum: false }))
    .getColumnType(property, platform);
}

/** As MikroORM chooses the type of a property. */
function nameOf({ type, enum: isEnum, items = [], nativeEnumName }: EntityProperty): string {
  if (nativeEnumName !== undefined) {
    return 'enum';
  }
  if (isEnum) {
    return items.every((item) => typeof item === 'string') ? 'enum' : 'tinyint';
  }
  return type === 'Date' ? 'datetime' : type;
}
