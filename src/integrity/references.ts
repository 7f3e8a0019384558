/** The reference check: of references between databases, which cannot have foreign keys, and of relations within a database. */
import type { BulkTable } from '../database/bulk.ts';
import type { EntityManager } from '../database/database.ts';
import { isClassOf } from '../database/discriminator.ts';
import { type Key, keyOf } from '../database/key.ts';
import { HIDDEN_VALUE, secretIn } from '../database/property-path.ts';
import { primaryKeyOf, type Relation, relationsOf } from '../database/relations.ts';
import type { Table } from '../database/table.ts';
import { isSameTable } from '../database/table-id.ts';
import type { Values } from '../database/values.ts';
import type { RecordError } from '../shared/rules/rules.ts';
import { capitalised, wordsOf } from '../shared/text/words.ts';

export interface ConnectedTable {
  readonly table: Table;
  readonly em: EntityManager;
}

export interface Reference {
  /** The property or relation that errors name. */
  readonly property: string;
  /** The properties with the target's key. */
  readonly key: Key;
  /** Whether messages must not show the key. */
  readonly isSecret: boolean;
  /** The table that it refers to. */
  readonly target: ConnectedTable;
  /** The target as the first words of a sentence. */
  readonly noun: string;
  /** The corresponding properties of the target. */
  readonly targetKey: Key;
  /** The bulk statements of the referenced entity, whose class may differ from the table's. */
  readonly bulk: BulkTable;
  /** Whether every row of the table is a valid target, whatever its class. */
  readonly takesAll: boolean;
}

/** Property or relation -> keys that do not exist in its target. */
export type MissingKeys = ReadonlyMap<string, Pick<ReadonlySet<unknown>, 'has'>>;

/** The references of a table to `tables`. */
export function referencesOf(
  { declaration, metadata }: Table,
  tables: readonly ConnectedTable[],
): readonly Reference[] {
  return Object.entries(declaration.references ?? {}).flatMap(([property, { database, entity }]) => {
    const target = tables.find(({ table }) => table.database.name === database && table.declaration.name === entity);
    return target === undefined
      ? []
      : [
          {
            property,
            key: keyOf([property]),
            isSecret: secretIn(metadata)(property),
            target,
            noun: nounOf(target),
            targetKey: primaryKeyOf(target.table.metadata),
            bulk: target.table.bulk(),
            takesAll: true,
          },
        ];
  });
}

/** The relations of a table to `tables`, itself included. */
export function relationReferencesOf(
  { database, metadata }: Table,
  tables: readonly ConnectedTable[],
): readonly Reference[] {
  return relationsOf(metadata).flatMap((relation) => {
    const own = tables.filter(({ table }) => table.database === database && isTarget(relation, table));
    const isWithin = ({ table }: ConnectedTable) => isClassOf(table.metadata.class, relation.target.class);
    const isExact = ({ table }: ConnectedTable) => table.metadata.class === relation.target.class;
    const target = own.find(isExact) ?? own.find(isWithin) ?? own[0];
    if (target === undefined) {
      return [];
    }
    const { name: property, key, targetKey, isSecret } = relation;
    const bulk = database.bulk(relation.target.class);
    return [{ property, key, isSecret, target, noun: nounOf(target), targetKey, bulk, takesAll: isWithin(target) }];
  });
}

function nounOf({ table }: ConnectedTable): string {
  return capitalised(wordsOf(table.metadata.className));
}

function isTarget({ target }: Relation, { metadata }: Table): boolean {
  return isSameTable(target, metadata);
}

/** Whether a table has a reference to another, which no foreign key checks. */
export function refersTo({ declaration }: Table, target: Table): boolean {
  return Object.values(declaration.references ?? {}).some(
    ({ database, entity }) => database === target.database.name && entity === target.declaration.name,
  );
}

/** Whether rows of a table have to be reverted with those of another: it has a reference or relation to it. */
export function dependsOn(table: Table, target: Table): boolean {
  const isRelated = () => relationsOf(table.metadata).some((relation) => isTarget(relation, target));
  return refersTo(table, target) || (table.database === target.database && isRelated());
}

/** @returns the keys that no row of the target has */
export async function missingKeys(
  { target: { table, em }, targetKey, bulk }: Reference,
  keys: readonly unknown[],
): Promise<unknown[]> {
  try {
    return await bulk.missing(em, keys, targetKey);
  } catch (error) {
    throw table.database.explain(error);
  }
}

/** An error for each reference of a record whose key does not exist: "User 10 does not exist" */
export function referenceErrors(
  references: readonly Reference[],
  values: Readonly<Values>,
  missing: MissingKeys,
): RecordError[] {
  const errors: RecordError[] = [];
  for (const { property, key, isSecret, noun, targetKey } of references) {
    const id = key.of(values);
    if (id !== undefined && missing.get(property)?.has(id)) {
      const shown = isSecret ? HIDDEN_VALUE : targetKey.shown(id);
      errors.push({ property, code: 'reference', message: `${noun} ${shown} does not exist` });
    }
  }
  return errors;
}
