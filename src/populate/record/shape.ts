/** The shape of an entity, derived from MikroORM's metadata and class-validator's storage. */
import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';
import type { NaturalKey } from '../../database/declaration.ts';
import { type Discriminator, discriminatorOf } from '../../database/discriminator.ts';
import type { Key } from '../../database/key.ts';
import { type HiddenMembers, hiddenIn, hiddenMembersOf, pathOf, secretIn } from '../../database/property-path.ts';
import { type PropertyValues, propertyValues } from '../../database/property-values.ts';
import { primaryKeyOf, type Relation, relationsOf, storedProps, typeOfPart } from '../../database/relations.ts';
import { POSTGRESQL_STORAGE, type StorageDialect } from '../../database/storage.ts';
import type { Values } from '../../database/values.ts';
import { isAlwaysGenerated } from '../../database/written.ts';
import { MeridianError } from '../../shared/errors.ts';
import { compileRuleErrors } from '../../shared/rules/compiled-rules.ts';
import { asynchronousRules, type RecordError } from '../../shared/rules/rules.ts';
import { capitalised, wordsOf } from '../../shared/text/words.ts';
import { coercionOf } from './coerce.ts';
import type { Coercion } from './coercion.ts';
import { type Defaults, defaultsOf, initialisedIn } from './defaults.ts';
import { type Embedded, embeddedOf } from './embedded.ts';
import { generatedKey, keyAdvice, type NewKey, newKeyOf } from './new-key.ts';
import type { TableValueSettings, ValueSettings } from './value-settings.ts';
import { withSettings } from './with-settings.ts';

export interface PropertyShape extends Pick<PropertyValues, 'problem' | 'same' | 'isOpaque' | 'toJson'> {
  readonly name: string;
  /** The name for display: `address.street` for a member of an embeddable. */
  readonly label: string;
  /** Whether it, or the embedded object that it is in, has `hidden: true`. */
  readonly isHidden: boolean;
  /** Whether messages must not show its value: it is hidden, or has hidden members. */
  readonly isSecret: boolean;
  /** Other names for its column. */
  readonly aliases: readonly string[];
  readonly nullable: boolean;
  /** The members of its values that are not shown over HTTP. */
  readonly hiddenMembers?: HiddenMembers;
  /** Whether a source has to supply it: it is not nullable and has no default. */
  readonly required: boolean;
  /** Advice for a source without a column for it, as a sentence. */
  readonly absence?: string;
  /** Whether the database or `onCreate` generates a value if a source does not supply one. */
  readonly isFilled: boolean;
  /** The value for a record without one, which is compared like others: the discriminator of the class. */
  readonly implied?: string | number;
  /** Converts a value to the form that its column returns. */
  readonly coerce: Coercion;
}

export interface EntityShape {
  readonly entity: new () => object;
  /** The class name in words, as in "Rejected order line 10". */
  readonly noun: string;
  readonly primaryKey: Key;
  readonly properties: readonly PropertyShape[];
  readonly relations: readonly Relation[];
  /** `undefined` if each record has to supply its primary key. */
  readonly newKey: NewKey | undefined;
  /** All properties of a row: those of a record, and those that no source supplies. */
  readonly stored: readonly PropertyShape[];
  /** The version property, if there is one; never read from a source. */
  readonly version: PropertyShape | undefined;
  /** For an entity that shares its table with other classes. */
  readonly discriminator: Discriminator | undefined;
  /** The embedded objects of the entity, if it has any. */
  readonly embedded: Embedded | undefined;
  /** The values of properties that no source supplies. */
  readonly defaults: Defaults;
  /** The errors of an entity's rules, except for exempt properties. */
  readonly ruleErrors: (entity: object, exempt?: readonly string[]) => readonly RecordError[];
  /** File name -> the shape for its records, for files with value settings of their own. */
  readonly byFile?: ReadonlyMap<string, EntityShape>;
}

/**
 * @param dialect the storage dialect of the engine that the rows are written to
 * @param naturalKeys keys that identify the row of a record without its primary key
 * @param settings how to convert text to values
 * @throws MeridianError `usage` if the entity cannot be loaded: a property whose type cannot be read from text, a required polymorphic
 *   relation, or an asynchronous rule
 */
export function shapeOf(
  meta: EntityMetadata,
  dialect: StorageDialect = POSTGRESQL_STORAGE,
  naturalKeys: readonly NaturalKey[] = [],
  { byFile, ...settings }: TableValueSettings = {},
): EntityShape {
  refuseUnloadable(meta, naturalKeys);
  const entity = meta.class as new () => object;
  const loaded = loadedProps(meta);
  const generated = generatedKey(meta);
  const hasNewKeys = generated !== undefined && naturalKeys.length > 0;
  const initialised = initialisedIn(meta, loaded, hasNewKeys);
  const shape = (property: EntityProperty) => propertyShape(meta, property, dialect, initialised, settings);
  const properties = loaded.map((property) =>
    property === generated
      ? { ...shape(property), ...(hasNewKeys ? { required: false } : { absence: keyAdvice(meta) }) }
      : shape(property),
  );
  const version = meta.props.filter(isCounter).map(shape)[0];
  const hidden = storedProps(meta).filter(isAlwaysGenerated).map(shape);
  return {
    entity,
    noun: wordsOf(meta.className),
    primaryKey: primaryKeyOf(meta),
    properties,
    relations: relationsOf(meta),
    newKey: hasNewKeys ? newKeyOf(generated, shape(generated).coerce.from) : undefined,
    stored: [...properties, ...(version === undefined ? [] : [version]), ...hidden],
    version,
    discriminator: discriminatorOf(meta),
    embedded: embeddedOf(meta),
    defaults: defaultsOf(meta, loaded, initialised, dialect),
    ruleErrors: compileRuleErrors(entity, secretIn(meta)),
    ...(byFile && { byFile: shapesByFile(byFile, (own) => shapeOf(meta, dialect, naturalKeys, own)) }),
  };
}

/** Files with the same settings share a shape. */
function shapesByFile(
  byFile: Readonly<Record<string, ValueSettings>>,
  shapeWith: (settings: ValueSettings) => EntityShape,
): Map<string, EntityShape> {
  const shapes = new Map<string, EntityShape>();
  return new Map(
    Object.entries(byFile).map(([file, settings]) => {
      const text = JSON.stringify(settings);
      const shape = shapes.get(text) ?? shapeWith(settings);
      shapes.set(text, shape);
      return [file, shape];
    }),
  );
}

/** The shape for the records of a file. */
export function shapeFor(shape: EntityShape, file: string | undefined): EntityShape {
  return (file === undefined ? undefined : shape.byFile?.get(file)) ?? shape;
}

/** A row for people: its own text, or its key if its class has none, such as `Order line 7, 2`. */
export function textOf(shape: EntityShape, row: Values): string {
  const { entity, noun, primaryKey, relations } = shape;
  const byKey = () => `${capitalised(noun)} ${primaryKey.shown(primaryKey.of(row))}`;
  if (entity.prototype.toString === Object.prototype.toString) {
    return byKey();
  }
  if (relations.length === 0) {
    return ownText(shape, row);
  }
  try {
    return ownText(shape, row);
  } catch {
    // its text needs a target, of which only the key is known
    return byKey();
  }
}

function ownText({ entity, embedded }: EntityShape, row: Values): string {
  if (embedded === undefined && row instanceof entity) {
    return String(row);
  }
  const whole = Object.assign(new entity(), row) as Values;
  embedded?.embed(whole);
  return String(whole);
}

/** @throws MeridianError `usage` */
function refuseUnloadable(meta: EntityMetadata, naturalKeys: readonly NaturalKey[]): void {
  const refuse = (sentence: string) => {
    throw new MeridianError('usage', `${meta.className}${sentence}`);
  };
  if (meta.primaryKeys.length === 0) {
    refuse(' has no primary key, so no record can name its row.');
  }
  const hidden = storedProps(meta).find(isAlwaysGenerated);
  if (hidden !== undefined && naturalKeys.length === 0) {
    refuse(
      ` has a primary key (${hidden.name}) that the database always generates, so no record can name its row. Declare naturalKeys by which the rows are found, or the key with generated: 'by default as identity'.`,
    );
  }
  const [asynchronous] = asynchronousRules(meta.class as new () => object);
  if (asynchronous !== undefined) {
    refuse(` has an asynchronous rule (${asynchronous}); records are validated synchronously.`);
  }
  const relation = meta.props.find((property) => property.polymorphic && isRequired(property));
  if (relation !== undefined) {
    refuse(
      `.${relation.name} is a relation to several entities that cannot be null, and a file cannot say which entity a key belongs to. Make it nullable, or declare a relation for each entity.`,
    );
  }
}

function propertyShape(
  meta: EntityMetadata,
  property: EntityProperty,
  dialect: StorageDialect,
  initialised: ReadonlySet<string>,
  settings: ValueSettings,
): PropertyShape {
  const discriminator = [discriminatorOf(meta)].find((one) => one?.property === property.name);
  const stored = propertyValues(meta, property, dialect);
  const values = discriminator === undefined ? stored : { ...stored, problem: discriminator.problem };
  const { problem, same, isOpaque, toJson } = values;
  const implied = discriminator?.own;
  const hiddenMembers = hiddenMembersOf(property);
  const isSupplied = implied === undefined && !initialised.has(property.name);
  const label = pathOf(meta, property);
  return {
    name: property.name,
    label,
    isHidden: hiddenIn(meta)(label),
    isSecret: secretIn(meta)(label),
    aliases: aliasesOf(meta, property),
    nullable: property.nullable === true,
    ...(hiddenMembers === undefined ? {} : { hiddenMembers }),
    required: property.primary === true || (isRequired(property) && isSupplied),
    isFilled: isFilled(property),
    ...(implied === undefined ? {} : { implied }),
    coerce: inStoredForm(withSettings(coercionOf(meta, property), settings), values),
    ...(problem === undefined ? {} : { problem }),
    same,
    isOpaque,
    toJson,
  };
}

/** A row as JSON from which its values can be read. */
export function toJson({ stored }: Pick<EntityShape, 'stored'>, row: Values): Values {
  const forms = new Map(stored.map((one) => [one.name, one.toJson]));
  const entries = Object.entries(row).filter(([name]) => forms.has(name));
  return Object.fromEntries(
    entries.map(([name, value]) => [name, (value ?? null) === null ? value : forms.get(name)?.(value)]),
  );
}

/** Aliases: the column of a relation, and the column or path of an embeddable's member. */
function aliasesOf(meta: EntityMetadata, property: EntityProperty): readonly string[] {
  const [column = ''] = property.fieldNames;
  if (property.embedded !== undefined) {
    return [pathOf(meta, property), column];
  }
  return typeOfPart(property) === undefined ? [] : [column];
}

/** Also converts a value to its stored form; the fast path applies only if the value fits the column. */
function inStoredForm(coercion: Coercion, { canonical, problem }: PropertyValues): Coercion {
  const { quick, from } = coercion;
  if (canonical === undefined && problem === undefined) {
    return coercion;
  }
  const form = (value: unknown) => (value === undefined || canonical === undefined ? value : canonical(value));
  return {
    ...coercion,
    from: (value) => form(from(value)),
    ...(quick && {
      quick(text) {
        const value = form(quick(text));
        return value === undefined || problem?.(value) !== undefined ? undefined : value;
      },
    }),
  };
}

/** Versions that are times are set by the database. */
function isCounter({ version, runtimeType }: EntityProperty): boolean {
  return version === true && runtimeType === 'number';
}

/** The properties that a source can supply. */
export function loadedProps(meta: EntityMetadata): readonly EntityProperty[] {
  return storedProps(meta).filter(isLoaded);
}

function isLoaded(property: EntityProperty): boolean {
  return !property.version && !isAlwaysGenerated(property);
}

function isRequired(property: EntityProperty): boolean {
  return !property.nullable && !isFilled(property);
}

function isFilled({ default: value, defaultRaw, onCreate, autoincrement, generated }: EntityProperty): boolean {
  return [value, defaultRaw, onCreate, generated].some((one) => one !== undefined) || autoincrement === true;
}
