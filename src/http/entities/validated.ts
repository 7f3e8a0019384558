/** Converts a record of a request to an entity as a load does: with the same coercion, rules and reference check. */
import type { EntityProperty } from '@mikro-orm/core';
import type { ReferenceTarget } from '../../database/declaration.ts';
import { tableOf } from '../../database/table.ts';
import type { Values } from '../../database/values.ts';
import { type ConnectedTable, missingKeys, referenceErrors, referencesOf } from '../../integrity/references.ts';
import { validate } from '../../populate/record/validate.ts';
import { isJsonObject } from '../../shared/json/object.ts';
import type { RecordError } from '../../shared/rules/rules.ts';
import type { OpenDatabases } from '../databases.ts';
import { Problem } from '../problem.ts';
import { membersOf, unknownMembers } from './record-body.ts';
import { pathTo } from './representation.ts';
import type { Resource } from './resource.ts';

/** @param kept values of the stored row for properties that the record lacks @throws Problem 422 with all errors of the record */
export function entityOf({ shape, columns }: Resource, record: Readonly<Values>, kept?: Readonly<Values>): Values {
  const unknown = unknownMembers(membersOf(shape), record);
  const validated = validate(shape, columns, { number: 1, line: 1, record }, kept);
  const errors = [...unknown, ...('errors' in validated ? validated.errors : [])];
  if (errors.length > 0 || 'errors' in validated) {
    throw invalid(errors);
  }
  return validated.entity;
}

/**
 * Completes a record so that it has every property, including members of embedded objects: a missing value becomes null, or the default of
 * the property.
 *
 * @param properties those that it has to have
 */
export function completed({ shape, table }: Resource, record: Readonly<Values>, properties = shape.properties): Values {
  let whole: Values = record;
  for (const { name, label, nullable } of properties) {
    if (shape.primaryKey.properties.includes(name)) {
      continue;
    }
    const path = pathTo(name, label);
    const { default: value } = (table.metadata.properties[name as never] ?? {}) as Partial<EntityProperty>;
    if (nullable) {
      whole = withMember(whole, path, null);
    } else if (value !== undefined && value !== null) {
      whole = withMember(whole, path, value);
    } else if (path.length > 1) {
      whole = withMember(whole, path.slice(0, 1), null);
    }
  }
  return whole;
}

/** Keeps existing members. A missing embedded object becomes null as a whole. */
function withMember(record: Values, [first = '', ...rest]: readonly string[], value: unknown): Values {
  if (!Object.hasOwn(record, first)) {
    return { ...record, [first]: rest.length === 0 ? value : null };
  }
  const inner = record[first];
  return rest.length > 0 && isJsonObject(inner) ? { ...record, [first]: withMember(inner, rest, value) } : record;
}

/** @throws Problem 422 that names each dangling reference to another database */
export async function checkReferences(
  databases: OpenDatabases,
  { table }: Resource,
  row: Readonly<Values>,
): Promise<void> {
  const { declaration } = table;
  const declared = Object.values(declaration.references ?? {});
  if (declared.length === 0 || declaration.isExempt?.(row)) {
    return;
  }
  const references = referencesOf(table, await targetsOf(databases, declared));
  const missing = await Promise.all(
    references.map(async (reference) => {
      const key = reference.key.of(row);
      return [reference.property, new Set(key === undefined ? [] : await missingKeys(reference, [key]))] as const;
    }),
  );
  const errors = referenceErrors(references, row, new Map(missing));
  if (errors.length > 0) {
    throw invalid(errors);
  }
}

function targetsOf(databases: OpenDatabases, targets: readonly ReferenceTarget[]): Promise<ConnectedTable[]> {
  return Promise.all(
    targets.map(async (target) => {
      const database = await databases.open(target.database);
      return { table: tableOf(database, target.entity), em: database.fork() };
    }),
  );
}

/** Error codes of valid records that conflict with other rows, or with the path (RFC 9110, section 9.3.4). */
const CONFLICTS = new Set(['duplicate', 'conflict', 'key']);

/** 409 for a valid record with a conflict, else 422. */
export function invalid(errors: readonly RecordError[]): Problem {
  const isConflict = errors.some(({ code }) => CONFLICTS.has(code));
  const detail = `${errors.map(({ message }) => message).join('. ')}.`;
  return new Problem(isConflict ? 409 : 422, isConflict ? 'conflict' : 'invalid', detail, { errors });
}
