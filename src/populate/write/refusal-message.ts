/** The error of a record that the database rejects, with the same message on every engine. */
import type { EntityProperty } from '@mikro-orm/core';
import { parseColumnType } from '../../database/column-types.ts';
import type { Column } from '../../database/columns.ts';
import type { EntityManager } from '../../database/database.ts';
import type { Refusal } from '../../database/refusal.ts';
import { storedValues } from '../../database/stored-values.ts';
import type { Table } from '../../database/table.ts';
import { tableIdOf } from '../../database/table-id.ts';
import type { Values } from '../../database/values.ts';
import { REFUSED } from '../../loads/ledger.ts';
import type { RecordError } from '../../shared/rules/rules.ts';
import { mentions } from '../../shared/text/mentions.ts';
import type { EntityShape } from '../record/shape.ts';
import { absentError, openRelations, TargetLookup } from './absent-targets.ts';
import { takenError } from './classify.ts';

const WITHHELD = 'its message may show a hidden value';

export class RefusalWording {
  readonly #table: Table;
  readonly #shape: EntityShape;
  /** Name of a check -> the properties that it uses. */
  readonly #checked = new Map<string, readonly string[]>();

  constructor(table: Table, shape: EntityShape) {
    this.#table = table;
    this.#shape = shape;
  }

  /** @param entity the rejected entity */
  async errorOf(em: EntityManager, entity: Values, refusal: Refusal): Promise<RecordError> {
    const dangling = refusal.kind === 'reference' ? await this.#danglingIn(em, entity) : undefined;
    if (dangling !== undefined) {
      return dangling;
    }
    const properties = await this.#propertiesOf(em, entity, refusal);
    const [property = null] = properties;
    const shown = this.#showsSecret(entity, refusal, properties) ? { ...refusal, text: WITHHELD } : refusal;
    const message = (await this.#takenMessage(em, entity, refusal, properties)) ?? messageOf(shown, properties);
    const isOfOne = properties.length === 1 || refusal.kind === 'unique';
    return { property: isOfOne ? property : null, code: REFUSED, message };
  }

  /** Whether the text of the database may show a value that messages must not show. Its texts about values quote them, perhaps in another form. */
  #showsSecret(entity: Values, { kind, text }: Refusal, properties: readonly string[]): boolean {
    const secrets = this.#shape.stored.filter((one) => one.isSecret && (entity[one.name] ?? null) !== null);
    const isOfOthers = properties.length > 0 && !secrets.some(({ name }) => properties.includes(name));
    return (
      secrets.length > 0 &&
      ((kind === 'value' && !isOfOthers) || secrets.some(({ name }) => mentions(text, entity[name])))
    );
  }

  /** The error of a relation whose target was deleted after it had been looked up. */
  async #danglingIn(em: EntityManager, entity: Values): Promise<RecordError | undefined> {
    const absent = await new TargetLookup(this.#table.database, this.#shape).absent(em, [entity]);
    const [relation] = openRelations(absent, entity);
    return relation && absentError(relation, entity);
  }

  async #propertiesOf(em: EntityManager, entity: Values, refusal: Refusal): Promise<readonly string[]> {
    const { kind, table, constraint, columns = [] } = refusal;
    const { tableName } = this.#table.metadata;
    if (table !== undefined && table !== tableName) {
      return [];
    }
    if (kind === 'check' && constraint !== undefined && columns.length === 0) {
      return this.#checkedBy(em, constraint);
    }
    return kind === 'value' && columns.length === 0 ? this.#unheldIn(em, entity) : this.#named(columns);
  }

  /** The properties whose value does not fit their column, which may differ from its declaration. */
  async #unheldIn(em: EntityManager, entity: Values): Promise<readonly string[]> {
    const { metadata } = this.#table;
    const { engine } = this.#table.database;
    const { columnTypes } = await engine.tableFacts(em, tableIdOf(metadata));
    const isUnheld = ({ property, name, toColumn }: Column) => {
      const type = parseColumnType(columnTypes.get(name) ?? '');
      const { runtimeType = '' } = metadata.properties[property as never] as Partial<EntityProperty>;
      return storedValues(type, engine.storage, runtimeType).problem?.(toColumn(entity[property])) !== undefined;
    };
    const given = this.#table.bulk().columns.filter(({ property }) => (entity[property] ?? null) !== null);
    const opaque = this.#shape.properties.filter(({ isOpaque }) => isOpaque).map(({ name }) => name);
    const unheld = given.filter(isUnheld);
    const found = unheld.length > 0 ? unheld : given.filter(({ property }) => opaque.includes(property));
    return found.map(({ property }) => property);
  }

  /** Empty if one of the columns is not a property, as for an index on an expression. */
  #named(columns: readonly string[]): readonly string[] {
    const all = this.#table.bulk().columns;
    const properties = columns.flatMap((name) => all.find((column) => column.name === name)?.property ?? []);
    return properties.length === columns.length ? properties : [];
  }

  async #checkedBy(em: EntityManager, check: string): Promise<readonly string[]> {
    let properties = this.#checked.get(check);
    if (properties === undefined) {
      const { metadata } = this.#table;
      const { engine } = this.#table.database;
      const names = this.#table.bulk().columns.map(({ name }) => name);
      properties = this.#named(await engine.checkedColumns(em, tableIdOf(metadata), check, names));
      this.#checked.set(check, properties);
    }
    return properties;
  }

  /** Names the row with the same values, if it is found. */
  async #takenMessage(
    em: EntityManager,
    entity: Values,
    { kind }: Refusal,
    properties: readonly string[],
  ): Promise<string | undefined> {
    const isWhole = properties.length > 0 && properties.every((name) => (entity[name] ?? null) !== null);
    if (kind !== 'unique' || !isWhole) {
      return undefined;
    }
    const { primaryKey } = this.#shape;
    const rows = await this.#table.bulk().find(em, [entity], { properties });
    const owner = rows.find((row) => primaryKey.of(row) !== primaryKey.of(entity));
    return owner && takenError(this.#shape, entity, { properties }, primaryKey.of(owner)).message;
  }
}

function messageOf({ kind, constraint, text }: Refusal, properties: readonly string[]): string {
  const [property = null] = properties;
  const name = constraint === undefined ? '' : ` "${constraint}"`;
  switch (kind) {
    case 'unique':
      return property === null
        ? `The unique index${name} of the database holds another row for it`
        : `${properties.join(' and ')} ${properties.length === 1 ? 'belongs' : 'belong'} to another row`;
    case 'check':
      return `The check${name} of the database refuses it`;
    case 'empty':
      return property === null ? `The database refuses it: ${text}` : `${property} cannot be empty`;
    case 'reference':
      return property === null
        ? 'A foreign key of the database refuses it'
        : `A foreign key of the database refuses it: ${property} refers to no row`;
    case 'trigger':
      return `A trigger of the database refuses it: ${text}`;
    case 'omitted':
      return 'The database skipped it without an error, as a trigger can';
    default:
      return `The database refuses it: ${text}`;
  }
}
