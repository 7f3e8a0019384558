/** Describes a resolved config as plain data without secrets. */
import process from 'node:process';
import { classNameOf, type DatabaseDeclaration, type EntityDeclaration, tableNameOf } from '../database/declaration.ts';
import { engineOf } from '../database/engines.ts';
import { configuredUrl, locationOf, urlVariable } from '../database/location.ts';
import { engineOptions } from '../database/options.ts';
import type { FileRule } from '../populate/file-rules.ts';
import { shownUrl } from '../populate/read/places/place.ts';
import type { Limits, Project } from './module.ts';

interface DescribedEntity {
  readonly name: string;
  readonly class: string;
  readonly naturalKeys: readonly (readonly string[])[];
  /** Property -> `database.entity` */
  readonly references: Readonly<Record<string, string>>;
  readonly sample?: string;
  /** The files that are loaded when no file is given. */
  readonly load?: readonly string[];
  /** Property -> the column that holds it. */
  readonly map?: Readonly<Record<string, string>>;
  /** How its files are read. */
  readonly files?: readonly FileRule[];
  readonly outbox: boolean;
}

export interface DescribedDatabase {
  readonly name: string;
  readonly engine: string;
  /** The location, without user and password. */
  readonly place: string;
  /** The source of the location: a variable, the options of MikroORM, or the default. */
  readonly placeFrom: string;
  readonly migrations: string;
  readonly entities: readonly DescribedEntity[];
  /** The classes that no file is loaded into. */
  readonly others: readonly string[];
  /** The options of MikroORM that the project gives. */
  readonly orm?: unknown;
}

export interface DescribedConfig {
  readonly config: string | undefined;
  readonly databases: readonly DescribedDatabase[];
  readonly modules: number;
  readonly rejects?: string;
  readonly maxRejects?: number | string;
  readonly allOrNothing?: boolean;
  readonly onConflict?: 'reject' | 'update';
  readonly onlyNew?: boolean;
  readonly strict?: boolean;
  readonly log?: string;
  readonly limits?: Limits;
  /** The services that `serve` runs. */
  readonly services?: readonly string[];
}

export async function describeProject(project: Project): Promise<DescribedConfig> {
  const { config, databases, modules, defaults = {} } = project;
  return {
    config,
    databases: await Promise.all(databases.map((one) => describeDatabase(one, project))),
    modules: modules.length,
    ...defaults,
  };
}

/** The project's settings for the files of its tables. */
type Files = Pick<Project, 'files' | 'loads' | 'maps'>;

async function describeDatabase(declaration: DatabaseDeclaration, files: Files): Promise<DescribedDatabase> {
  const { name, entities, others = [], orm } = declaration;
  const location = locationOf(declaration);
  const engine = await engineOf(location, name);
  const { path = '', pathTs } = engineOptions(declaration, engine).migrations ?? {};
  return {
    name,
    engine: location.engine,
    place: engine.place,
    placeFrom: placeFrom(declaration),
    migrations: pathTs ?? path,
    entities: entities.map((entity) => describeEntity(entity, tableNameOf(declaration, entity.name), files)),
    others: others.map((entity) => classNameOf(entity)),
    ...(orm === undefined ? {} : { orm: withoutSecrets(orm) }),
  };
}

function placeFrom({ name, orm }: DatabaseDeclaration): string {
  if (configuredUrl(name, process.env) !== '') {
    return urlVariable(name);
  }
  return orm?.dbName === undefined && orm?.clientUrl === undefined ? 'default' : 'orm';
}

function describeEntity(
  { name, entity, naturalKeys = [], references = {}, ...rest }: EntityDeclaration,
  table: string,
  { files = {}, loads = {}, maps = {} }: Files,
): DescribedEntity {
  const { [table]: rules } = files;
  const { [table]: load } = loads;
  const { [table]: map } = maps;
  const targets = Object.entries(references).map(([property, to]) => [property, `${to.database}.${to.entity}`]);
  return {
    name,
    class: classNameOf(entity),
    naturalKeys: naturalKeys.map(({ properties }) => properties),
    references: Object.fromEntries(targets),
    ...(rest.sample === undefined ? {} : { sample: rest.sample }),
    ...(load === undefined ? {} : { load: load.map(shownUrl) }),
    ...(map === undefined ? {} : { map }),
    ...(rules === undefined ? {} : { files: rules }),
    outbox: rest.outboxMapping !== undefined,
  };
}

const SECRET = /pass(?:word|wd|phrase)?$|secret|token|credential|apikey|(?:^|_|private)key$|^(?:key|pfx|cert)$/i;
const HIDDEN = '***';
const MAX_DEPTH = 6;

/** Plain data: classes and functions by their names, secrets and passwords in URLs hidden. @internal exported for tests */
export function withoutSecrets(value: unknown, depth = 0): unknown {
  switch (typeof value) {
    case 'string':
      return withoutPassword(value);
    case 'function':
      return value.name === '' ? '[function]' : `[${isClass(value) ? 'class' : 'function'} ${value.name}]`;
    case 'bigint':
    case 'symbol':
      return String(value);
    case 'object':
      return value === null ? null : objectWithoutSecrets(value, depth);
    default:
      return value;
  }
}

function objectWithoutSecrets(value: object, depth: number): unknown {
  if (depth > MAX_DEPTH) {
    return '…';
  }
  if (Array.isArray(value)) {
    return value.map((one) => withoutSecrets(one, depth + 1));
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    return value instanceof RegExp ? String(value) : `[${value.constructor.name}${nameIn(value)}]`;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      SECRET.test(key) && one !== undefined ? HIDDEN : withoutSecrets(one, depth + 1),
    ]),
  );
}

/** The name of an EntitySchema. */
function nameIn(value: object): string {
  const { meta } = value as { readonly meta?: { readonly className?: string } };
  return meta?.className === undefined ? '' : ` ${meta.className}`;
}

function isClass(value: object): boolean {
  return /^class\b/.test(Function.prototype.toString.call(value));
}

/** Hides the password of a URL, even of one that cannot be parsed. */
function withoutPassword(text: string): string {
  return text
    .replace(/^([a-z][a-z0-9+.-]*:\/\/[^:/?#]*):.*@/i, `$1:${HIDDEN}@`)
    .replace(/([?&](?:password|sslpassword|token)=)[^&]*/gi, `$1${HIDDEN}`);
}
