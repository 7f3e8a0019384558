/** Validates the shape of a config at run time. Errors name the key and what was expected. */
import { inspect } from 'node:util';
import { FILE_SETTINGS } from '../populate/read/dialect.ts';
import { contradictionIn, VALUE_SETTINGS } from '../populate/record/value-settings.ts';
import { MeridianError } from '../shared/errors.ts';
import { suggestion } from '../shared/text/suggest.ts';
import type { MeridianConfig } from './types.ts';

/** Database names become parts of options, files, tables and environment variables. */
const DATABASE_NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const MAX_DATABASE_NAME = 40;
/** `RejectLimit` parses the value. */
const MAX_REJECTS = /^(?:\d{1,15}|(?:\d{1,2}(?:\.\d+)?|100)\s?%)$/;
const ENTITY_NAME = /^[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*$/;

const SWITCH_KEYS = ['allOrNothing', 'onlyNew', 'strict'];
const CONFIG_KEYS = [
  'databases',
  'modules',
  'rejects',
  'maxRejects',
  'onConflict',
  ...SWITCH_KEYS,
  'log',
  'limits',
  'serve',
];
const SERVE_KEYS = ['run'];
const DATABASE_KEYS = ['orm', 'entities', 'others', 'outbox', 'inbox'];
const ENTITY_KEYS = [
  'entity',
  'naturalKeys',
  'references',
  'outboxMapping',
  'isExempt',
  'sample',
  'load',
  'map',
  'files',
];
const NATURAL_KEY_KEYS = ['properties', 'ignoreCase', 'onlyWithout'];
const LIMIT_KEYS = ['batchRecords', 'transactionRecords', 'threadRecords'];
const OUTBOX_KEYS = ['entity', 'eventOf', 'unpublishedEventsOf'];

const SETTINGS = { ...FILE_SETTINGS, ...VALUE_SETTINGS };
const FILE_KEYS = ['match', ...Object.keys(SETTINGS)];

type Keys = Readonly<Record<string, unknown>>;

/** @throws MeridianError `usage` for the first invalid key */
export function validateConfig(file: string, value: unknown): MeridianConfig {
  const check = new Check(file);
  const config = check.keys('default', value, CONFIG_KEYS, 'an object with databases, as defineConfig takes it');
  const databases = check.object('databases', config['databases'], 'an object: the name of a database -> its config');
  for (const [name, database] of Object.entries(databases)) {
    checkDatabase(check, name, database);
  }
  checkReferences(check, databases as MeridianConfig['databases']);
  check.list('modules', config['modules'], 'modules, in an array such as [shop()]', isObject);
  for (const name of ['rejects', 'log']) {
    check.optional(name, config[name], 'a path', isText);
  }
  check.optional('maxRejects', config['maxRejects'], "a whole number from 0, or a share such as '1%'", isMaxRejects);
  check.optional('onConflict', config['onConflict'], 'reject or update', (one) => one === 'reject' || one === 'update');
  for (const name of SWITCH_KEYS) {
    check.optional(name, config[name], 'true or false', (one) => typeof one === 'boolean');
  }
  if (config['limits'] !== undefined) {
    const limits = check.keys('limits', config['limits'], LIMIT_KEYS, 'an object');
    for (const [name, limit] of Object.entries(limits)) {
      check.optional(`limits.${name}`, limit, 'a whole number from 1', isWhole);
    }
  }
  if (config['serve'] !== undefined) {
    const serve = check.keys('serve', config['serve'], SERVE_KEYS, "an object such as { run: ['sync'] }");
    check.list('serve.run', serve['run'], "names of services, in an array such as ['sync']", isText);
  }
  return value as MeridianConfig;
}

function checkDatabase(check: Check, name: string, value: unknown): void {
  const where = `databases.${name}`;
  if (!DATABASE_NAME.test(name) || name.length > MAX_DATABASE_NAME) {
    check.fail(
      `has a database "${name}". A name has up to ${MAX_DATABASE_NAME} lower case letters, digits and single hyphens, such as customers`,
    );
  }
  const database = check.keys(where, value, DATABASE_KEYS, 'an object with entities');
  check.optional(
    `${where}.orm`,
    database['orm'],
    'MikroORM options, a function that returns them, or the path of a MikroORM config',
    (orm) => isText(orm) || typeof orm === 'function' || isObject(orm),
  );
  check.list(`${where}.others`, database['others'], 'entities, in an array', isEntity);
  for (const name of ['outbox', 'inbox']) {
    check.optional(`${where}.${name}`, database[name], 'true or false', (one) => typeof one === 'boolean');
  }
  const entities = check.object(`${where}.entities`, database['entities'], "an object: an entity's name -> the entity");
  for (const [entity, config] of Object.entries(entities)) {
    if (!ENTITY_NAME.test(entity)) {
      check.fail(
        `has an entity "${entity}" in ${where}. A name has letters, digits, and single hyphens, such as depot`,
      );
    }
    if (!isEntity(config)) {
      checkEntity(check, `${where}.entities.${entity}`, config);
    }
  }
}

function checkEntity(check: Check, where: string, value: unknown): void {
  const config = check.keys(where, value, ENTITY_KEYS, 'an entity: a class, an EntitySchema, or an object with entity');
  const { entity, naturalKeys, references, outboxMapping, isExempt, sample, load, map, files } = config;
  check.required(`${where}.entity`, entity, 'a class, an EntitySchema, or what defineEntity returns', isEntity);
  check.list(`${where}.naturalKeys`, naturalKeys, "lists of properties, in an array such as [['email']]", isNaturalKey);
  for (const [index, key] of (Array.isArray(naturalKeys) ? naturalKeys : []).entries()) {
    if (!Array.isArray(key)) {
      check.keys(`${where}.naturalKeys[${index}]`, key, NATURAL_KEY_KEYS, 'a list of properties');
    }
  }
  const targets = check.object(`${where}.references`, references ?? {}, 'an object: a property -> database.entity');
  for (const [property, target] of Object.entries(targets)) {
    check.required(
      `${where}.references.${property}`,
      target,
      'the name of an entity, such as customers.customer',
      isText,
    );
  }
  if (outboxMapping !== undefined) {
    check.keys(
      `${where}.outboxMapping`,
      outboxMapping,
      OUTBOX_KEYS,
      'an object with entity, eventOf, unpublishedEventsOf',
    );
  }
  check.optional(`${where}.isExempt`, isExempt, 'a function', (one) => typeof one === 'function');
  check.optional(`${where}.sample`, sample, 'the path of a file', isText);
  check.optional(
    `${where}.load`,
    load,
    "the path of a file or a folder, a pattern such as 'exports/*.csv', a URL, or a list of such",
    isPaths,
  );
  const columns = check.object(`${where}.map`, map ?? {}, 'an object: a property -> the column that holds it');
  for (const [property, column] of Object.entries(columns)) {
    check.required(`${where}.map.${property}`, column, 'the name of a column', isText);
  }
  if (files !== undefined) {
    checkFiles(check, `${where}.files`, files);
  }
}

function checkFiles(check: Check, where: string, files: unknown): void {
  const rules = Array.isArray(files) ? files.map((rule, index) => [`${where}[${index}]`, rule]) : [[where, files]];
  for (const [key, rule] of rules) {
    const settings = check.keys(key, rule, FILE_KEYS, 'an object with settings of files, or a list of such');
    check.optional(`${key}.match`, settings['match'], 'a pattern of paths', isText);
    for (const [name, { expected, isRight }] of Object.entries(SETTINGS)) {
      check.optional(`${key}.${name}`, settings[name], expected, isRight);
    }
    const contradiction = contradictionIn(settings);
    if (contradiction !== undefined) {
      check.fail(`has settings in ${key} that contradict each other: ${contradiction.replace(/[.]$/, '')}`);
    }
  }
}

function checkReferences(check: Check, databases: MeridianConfig['databases']): void {
  const known = Object.entries(databases).flatMap(([name, { entities }]) =>
    Object.keys(entities).map((entity) => `${name}.${entity}`),
  );
  for (const [name, { entities }] of Object.entries(databases)) {
    for (const [entity, config] of Object.entries(entities)) {
      const references = 'references' in config ? (config.references ?? {}) : {};
      for (const [property, target] of Object.entries(references)) {
        if (!known.includes(target)) {
          check.fail(
            `refers to "${target}" in databases.${name}.entities.${entity}.references.${property}, and no database has that entity`,
            suggestion(target, known),
          );
        }
      }
    }
  }
}

/** Checks values. Errors name the file and the key. */
class Check {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  fail(what: string, advice = ''): never {
    throw new MeridianError('usage', `${this.#file} ${what}.${advice === '' ? '' : ` ${advice}`}`);
  }

  required(key: string, value: unknown, expected: string, isRight: (value: unknown) => boolean): void {
    if (!isRight(value)) {
      this.fail(`has ${shown(value)} for ${key}, which has to be ${expected}`);
    }
  }

  optional(key: string, value: unknown, expected: string, isRight: (value: unknown) => boolean): void {
    if (value !== undefined) {
      this.required(key, value, expected, isRight);
    }
  }

  list(key: string, value: unknown, expected: string, isRight: (value: unknown) => boolean): void {
    this.optional(key, value, expected, Array.isArray);
    for (const [index, one] of (Array.isArray(value) ? value : []).entries()) {
      this.required(`${key}[${index}]`, one, `one of the ${expected}`, isRight);
    }
  }

  object(key: string, value: unknown, expected: string): Keys {
    this.required(key, value, expected, isObject);
    return value as Keys;
  }

  /** Checks for an object with no other keys than these. */
  keys(key: string, value: unknown, names: readonly string[], expected: string): Keys {
    const object = this.object(key, value, expected);
    const unknown = Object.keys(object).find((name) => !names.includes(name));
    if (unknown !== undefined) {
      const where = key === 'default' ? '' : ` in ${key}`;
      this.fail(`has a key "${unknown}"${where} that is not known`, suggestion(unknown, names));
    }
    return object;
  }
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : inspect(value, { depth: 0, breakLength: Number.POSITIVE_INFINITY });
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

function isPaths(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 && value.every(isText) : isText(value);
}

function isWhole(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

function isMaxRejects(value: unknown): boolean {
  return Number.isSafeInteger(value) ? Number(value) >= 0 : typeof value === 'string' && MAX_REJECTS.test(value);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNaturalKey(value: unknown): boolean {
  const properties = isObject(value) ? (value as Keys)['properties'] : value;
  return Array.isArray(properties) && properties.length > 0 && properties.every(isText);
}

/** Whether a value is a class or an EntitySchema, which may come from another copy of MikroORM. */
export function isEntity(value: unknown): boolean {
  const isClass = typeof value === 'function' && value.prototype !== undefined;
  return isClass || (isObject(value) && isObject((value as Keys)['meta']));
}
