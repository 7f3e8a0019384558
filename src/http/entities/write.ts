/** Creates, replaces and patches rows. A record is handled as in a load of this one record. */
import type { EntityManager } from '../../database/database.ts';
import type { Values } from '../../database/values.ts';
import { IdSet } from '../../loads/id-set.ts';
import { BatchWriter } from '../../populate/write/batch-writer.ts';
import { type OnConflict, over } from '../../populate/write/classify.ts';
import { isJsonObject } from '../../shared/json/object.ts';
import { parseExactJson } from '../../shared/json/parse-exact.ts';
import { holdsWrittenNumber } from '../../shared/json/written-number.ts';
import type { OpenDatabases } from '../databases.ts';
import { Problem } from '../problem.ts';
import { type Conditions, checkConditions, matches } from './etag.ts';
import { hidesAny, isLeftOut } from './hidden.ts';
import { storedRecord, withHiddenMembers } from './hidden-members.ts';
import { missingRow } from './key-path.ts';
import { mergePatch, unnamedIn, withoutProperty } from './record-body.ts';
import { representationOf } from './representation.ts';
import type { Resource } from './resource.ts';
import { inTransaction } from './transaction.ts';
import { checkReferences, completed, entityOf, invalid } from './validated.ts';

export interface Written {
  readonly outcome: 'inserted' | 'updated' | 'unchanged';
  /** The row as stored now. */
  readonly row: Values;
}

/** Creates a row; an identical stored row is left unchanged. @throws Problem 409 or 422 */
export async function createRow(databases: OpenDatabases, resource: Resource, record: Values): Promise<Written> {
  const entity = entityOf(resource, record);
  await checkReferences(databases, resource, entity);
  return inTransaction(resource, (em) => writeOne(resource, em, entity, 'reject'));
}

/** @param key from the path @throws Problem 409, 412, 422 or 428 */
export async function replaceRow(
  databases: OpenDatabases,
  resource: Resource,
  key: Values,
  record: Values,
  conditions: Conditions,
): Promise<Written> {
  const { shape } = resource;
  const replacement = withoutVersion(resource, record);
  const entityFrom = (before: Values | undefined) =>
    before === undefined || !hidesAny(shape)
      ? keyedEntity(resource, key, completed(resource, replacement))
      : keepingHidden(resource, key, replacement, before);
  // references are looked up outside the transaction, which may use the only connection
  const seen = hidesAny(shape) ? await readRow(resource, key) : undefined;
  await checkReferences(databases, resource, over(seen, entityFrom(seen)));
  return inTransaction(resource, async (em) => {
    const before = await readRow(resource, key, em);
    checkConditions(shape, before, withVersion(resource, record, conditions));
    return writeOne(resource, em, entityFrom(before), 'update');
  });
}

/** The caller cannot send back what it has not seen: hidden values that the record leaves out stay as they are. */
function keepingHidden(resource: Resource, key: Values, record: Values, before: Values): Values {
  const { shape } = resource;
  const hidden = shape.properties.filter((one) => isLeftOut(shape, one));
  const shown = shape.properties.filter((one) => !isLeftOut(shape, one));
  const whole = completed(resource, withHiddenMembers(resource, record, before, false), shown);
  const kept = unnamedIn(hidden, whole).map(({ name }) => [name, inJavaScript(before[name] ?? null)]);
  return keyedEntity(resource, key, whole, Object.fromEntries(kept));
}

/**
 * Applies a patch. Properties that it does not name are not written, so they keep what other programs have stored in them.
 *
 * @param patch RFC 7396 @throws Problem 404, 409, 412, 422 or 428
 */
export async function patchRow(
  databases: OpenDatabases,
  resource: Resource,
  key: Values,
  patch: Values,
  conditions: Conditions,
): Promise<Written> {
  const { shape } = resource;
  const change = withoutVersion(resource, patch);
  const unnamed = unnamedIn(shape.properties, change);
  const entityFrom = (before: Values) => {
    const known = withoutVersion(resource, storedRecord(resource, before));
    const merged = mergePatch(known, withHiddenMembers(resource, change, before, true));
    const whole = completed(resource, isJsonObject(merged) ? merged : {});
    const kept = Object.fromEntries(unnamed.map(({ name }) => [name, inJavaScript(before[name] ?? null)]));
    return keyedEntity(resource, key, unnamed.reduce(withoutProperty, whole), kept);
  };
  // references are looked up outside the transaction, which may use the only connection
  const seen = await readRow(resource, key);
  if (seen === undefined) {
    throw missingRow(shape, key);
  }
  await checkReferences(databases, resource, over(seen, entityFrom(seen)));
  return inTransaction(resource, async (em) => {
    const before = await readRow(resource, key, em);
    checkConditions(shape, before, withVersion(resource, patch, conditions));
    if (before === undefined) {
      throw missingRow(shape, key);
    }
    return writeOne(resource, em, entityFrom(before), 'update');
  });
}

/** @param em of the transaction, if there is one */
export async function readRow(
  { database, reader }: Resource,
  key: Values,
  em?: EntityManager,
): Promise<Values | undefined> {
  try {
    return await reader.read(key, em);
  } catch (error) {
    throw database.explain(error);
  }
}

/** Reads a row synchronously, outside transactions. @returns `undefined` where only an asynchronous read is possible */
export function readRowAtOnce(
  { database, reader }: Resource,
  key: Values,
): { readonly row: Values | undefined } | undefined {
  try {
    return reader.readAtOnce(key);
  } catch (error) {
    throw database.explain(error);
  }
}

async function writeOne(
  resource: Resource,
  em: EntityManager,
  entity: Values,
  onConflict: OnConflict,
): Promise<Written> {
  const { table, shape } = resource;
  const writer = new BatchWriter(table, shape, onConflict, {
    accepted: new IdSet(),
    // there is no run to verify: the references of the record have been checked
    run: null,
    expectsAllNew: false,
  });
  const [decision] = await writer.write(em, [entity]);
  if (decision === undefined || decision.outcome === 'rejected') {
    throw invalid(decision?.errors ?? []);
  }
  const key = decision.record ?? decision.row ?? entity;
  const row = await readRow(resource, key, em);
  if (row === undefined) {
    throw new Problem(
      409,
      'conflict',
      `The database has deleted ${shape.noun} immediately after it was written. A trigger may have done this.`,
    );
  }
  return { outcome: decision.outcome, row };
}

/** The entity with the key of the path. @throws Problem 422 for a record with another key */
function keyedEntity(resource: Resource, key: Values, record: Values, kept?: Values): Values {
  const { shape } = resource;
  const isLoaded = (name: string) => shape.properties.some((one) => one.name === name);
  const given = parseExactJson(JSON.stringify(representationOf(shape, key))) as Values;
  const keys = Object.entries(given).filter(([name]) => shape.primaryKey.properties.includes(name) && isLoaded(name));
  const entity = entityOf(resource, { ...Object.fromEntries(keys), ...record }, kept);
  for (const name of shape.primaryKey.properties) {
    const { same, label } = shape.stored.find((one) => one.name === name) ?? {};
    if (isLoaded(name) && same?.(entity[name], key[name]) !== true) {
      const message = `${label} is the key of the row, which cannot change: leave it out, or repeat that of the path`;
      throw invalid([{ property: label ?? name, code: 'key', message }]);
    }
    entity[name] = key[name];
  }
  return entity;
}

/** A version in the record is a condition like If-Match: it says which version the caller has read. */
function withVersion({ shape }: Resource, record: Values, conditions: Conditions): Conditions {
  const { version } = shape;
  if (version === undefined || !Object.hasOwn(record, version.name)) {
    return conditions;
  }
  const given = record[version.name];
  if (!Number.isSafeInteger(given)) {
    throw invalid([
      {
        property: version.name,
        code: 'parse',
        message: `${version.name} is not the whole number that the row was read with`,
      },
    ]);
  }
  const etag = `"${given}"`;
  if (conditions.ifMatch !== undefined && !matches(conditions.ifMatch, etag, false)) {
    throw new Problem(
      412,
      'precondition',
      `If-Match is ${conditions.ifMatch}, and ${version.name} of the record is ${given}.`,
    );
  }
  return { ...conditions, ifMatch: etag };
}

function withoutVersion({ shape }: Resource, record: Values): Values {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== shape.version?.name));
}

/** Converts exact JSON numbers to JavaScript numbers, as validation rules expect them. */
function inJavaScript(value: unknown): unknown {
  return holdsWrittenNumber(value) ? JSON.parse(JSON.stringify(value)) : value;
}
