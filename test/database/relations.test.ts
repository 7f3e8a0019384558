/** The columns of relations, however an entity declares them. */
import { expect, test } from '@jest/globals';
import { defineEntity, EntitySchema, MikroORM, p } from '@mikro-orm/sqlite';
import { primaryKeyOf, relationsOf, rowProperties, storedProps } from '../../src/database/relations.ts';

const KEY = { type: 'integer', primary: true };
const Depot: EntitySchema = new EntitySchema<object>({
  name: 'Depot',
  properties: { id: KEY, parcels: { kind: '1:m', entity: () => Parcel, mappedBy: 'depot' } } as never,
});
const Parcel: EntitySchema = new EntitySchema<object>({
  name: 'Parcel',
  properties: {
    id: { type: 'uuid', primary: true },
    code: { type: 'string', unique: true },
    depot: { kind: 'm:1', entity: () => Depot, inversedBy: 'parcels', nullable: true, fieldName: 'at' },
    label: { kind: '1:1', entity: () => Label, mappedBy: 'parcel' },
  } as never,
});
const Label: EntitySchema = new EntitySchema<object>({
  name: 'Label',
  properties: {
    parcel: { kind: '1:1', entity: () => Parcel, primary: true, owner: true },
    stamps: { kind: 'm:n', entity: () => Depot },
    seen: { kind: 'm:1', entity: () => Depot, persist: false },
  } as never,
});
const Scan = defineEntity({
  name: 'Scan',
  properties: { label: () => p.manyToOne(Label).primary(), number: p.integer().primary() },
});
const Note = defineEntity({
  name: 'Note',
  properties: {
    id: p.integer().primary(),
    scan: () => p.manyToOne(Scan).ref().nullable(),
    byCode: () => p.manyToOne(Parcel).targetKey('code' as never),
  },
});

const orm = new MikroORM({ dbName: ':memory:', entities: [Depot, Parcel, Label, Scan, Note] });
const metadataOf = (name: string) => orm.getMetadata().getByClassName(name);
const storedIn = (name: string) =>
  storedProps(metadataOf(name)).map(({ name: property, fieldNames }) => [property, ...fieldNames]);
const relationsIn = (name: string) =>
  relationsOf(metadataOf(name)).map(({ name: relation, target, key, targetKey, nullable }) => [
    relation,
    key.properties,
    target.className,
    targetKey.properties,
    nullable,
  ]);

test('a relation has the columns of its target, and collections and inverse sides have none', () => {
  expect(storedIn('Depot')).toEqual([['id', 'id']]);
  expect(storedIn('Parcel')).toEqual([
    ['id', 'id'],
    ['code', 'code'],
    ['depot', 'at'],
  ]);
  expect(relationsIn('Parcel')).toEqual([['depot', ['depot'], 'Depot', ['id'], true]]);
});

test('a primary key can be a relation, or have relations as parts', () => {
  expect(storedIn('Label')).toEqual([['parcel', 'parcel_id']]);
  expect(primaryKeyOf(metadataOf('Label')).properties).toEqual(['parcel']);
  expect(primaryKeyOf(metadataOf('Scan')).properties).toEqual(['label', 'number']);
  expect(relationsIn('Scan')).toEqual([['label', ['label'], 'Label', ['parcel'], false]]);
  expect(storedProps(metadataOf('Scan'))[0]).toMatchObject({ type: 'uuid', runtimeType: 'string', primary: true });
});

test('a relation to a composite key is a property for each part', () => {
  expect(storedIn('Note')).toEqual([
    ['id', 'id'],
    ['scan.label', 'scan_label_parcel_id'],
    ['scan.number', 'scan_number'],
    ['byCode', 'by_code_id'],
  ]);
  expect(relationsIn('Note')).toEqual([
    ['scan', ['scan.label', 'scan.number'], 'Scan', ['label', 'number'], true],
    ['byCode', ['byCode'], 'Parcel', ['code'], false],
  ]);
  expect(rowProperties(metadataOf('Note'), 'scan')).toEqual(['scan.label', 'scan.number']);
});
