/** Lists and forms of rows, without a browser. */
import { expect, test } from '@jest/globals';
import { createCommand, faultsIn, patchOf, recordOf, textsOf, wholeIn } from '../../src/page/data/form.ts';
import { distinctRows } from '../../src/page/data/found-rows.ts';
import { filtersIn, isDangling, listCommand, listPath, nextSort, searchPaths } from '../../src/page/data/list-state.ts';
import { windowOf } from '../../src/page/data/window.ts';
import { type Entity, keyOf, type Property, type Row, referringTo, rowPath } from '../../src/page/frame/description.ts';
import { parseWrittenJson } from '../../src/shared/json/parse-written.ts';

function property(label: string, given: Partial<Property> = {}): Property {
  return {
    path: label.split('.'),
    label,
    column: label.toLowerCase(),
    kind: 'text',
    isInMilliseconds: false,
    anyJson: null,
    words: null,
    maxLength: null,
    isHidden: false,
    isKey: false,
    isIndexed: false,
    hasPrefixFilter: false,
    ignoresCase: false,
    isWritable: true,
    isRequired: false,
    target: null,
    isReference: false,
    ...given,
  };
}

const USER = { database: 'users', entity: 'user' };

const ORDER: Entity = {
  name: 'order',
  table: 'orders',
  noun: 'order',
  path: '/api/databases/orders.boston/order',
  sql: 'orders',
  ownRows: null,
  key: ['id'],
  properties: [
    property('id', { kind: 'whole', isKey: true, isIndexed: true, isRequired: true }),
    property('userId', { kind: 'whole', isIndexed: true, target: USER, isReference: true }),
    property('isPaid', { kind: 'boolean' }),
    property('details', { kind: 'json', anyJson: { kind: 'any' } }),
    property('address.street'),
    property('version', { kind: 'whole', isWritable: false }),
  ],
};

test('the API is asked for a list as the address says it, with what references lead to', () => {
  const query = { 'filter.userId.gte': '5', sort: '-id', search: 'x' };
  expect(listPath(ORDER, query)).toBe(
    '/api/databases/orders.boston/order?filter.userId.gte=5&sort=-id&limit=500&expand=userId',
  );
  expect(searchPaths(ORDER, { search: '7&' })).toEqual([
    '/api/databases/orders.boston/order?filter.id.eq=7%26&limit=100',
    '/api/databases/orders.boston/order?filter.userId.eq=7%26&limit=100',
  ]);
});

test('filters are said in words, and as SQL of the same list', () => {
  const query = {
    'filter.userId.gte': '5',
    'filter.address.street': "O'Hara",
    'filter.isPaid.null': 'false',
    sort: '-id',
  };
  expect(filtersIn(query).map(({ words }) => words)).toEqual([
    'userId ≥ 5',
    "address.street = O'Hara",
    'isPaid is not null',
  ]);
  expect(listCommand('orders.boston', ORDER, query)).toBe(
    `npx meridian query 'select * from "orders.boston".orders where userid >= 5 and address.street = '\\''O'\\'''\\''Hara'\\'' and ispaid is not null order by id desc limit 100'`,
  );
});

test('a text is found by how it begins', () => {
  const text = property('name', { isIndexed: true, hasPrefixFilter: true });
  expect(searchPaths({ ...ORDER, properties: [text] }, { search: 'A%' })).toEqual([
    '/api/databases/orders.boston/order?filter.name.prefix=A%25&limit=100',
  ]);
  const query = { 'filter.name.prefix': "O'" };
  expect(filtersIn(query).map(({ words }) => words)).toEqual(["name begins with O'"]);
  expect(listCommand('users', { ...ORDER, properties: [text] }, query)).toBe(
    `npx meridian query 'select * from users.orders where substr(name, 1, 2) = '\\''O'\\'''\\'''\\'' limit 100'`,
  );
});

test('a search keeps the filters, also those of the property that it searches', () => {
  expect(searchPaths(ORDER, { search: '7', 'filter.id': '7', 'filter.userId.gte': '5' })).toEqual([
    '/api/databases/orders.boston/order?filter.id=7&filter.userId.gte=5&filter.id.eq=7&limit=100',
    '/api/databases/orders.boston/order?filter.id=7&filter.userId.gte=5&filter.userId.eq=7&limit=100',
  ]);
  const found = (search: string, ignoresCase = false) => {
    const text = property('name', { isIndexed: true, hasPrefixFilter: true, ignoresCase });
    return searchPaths({ ...ORDER, properties: [text] }, { search, 'filter.name.prefix': 'Al' });
  };
  const path = (prefix: string) => `/api/databases/orders.boston/order?filter.name.prefix=${prefix}&limit=100`;
  expect(found('Alice')).toEqual([path('Alice')]);
  expect(found('A')).toEqual([path('Al')]);
  expect(found('Bo')).toEqual([]);
  expect(found('ali')).toEqual([]);
  expect(found('ali', true)).toEqual([path('ali')]);
});

test('the command of a search finds the same', () => {
  const name = property('name', { isIndexed: true, hasPrefixFilter: true });
  const entity = { ...ORDER, properties: [...ORDER.properties, name] };
  expect(listCommand('users', entity, { search: '7', 'filter.userId.gte': '5' })).toBe(
    `npx meridian query 'select * from users.orders where userid >= 5 and (id = 7 or userid = 7 or substr(name, 1, 1) = '\\''7'\\'') limit 100'`,
  );
  expect(listCommand('users', entity, { search: 'Al' })).toBe(
    `npx meridian query 'select * from users.orders where (substr(name, 1, 2) = '\\''Al'\\'') limit 100'`,
  );
  expect(listCommand('users', ORDER, { search: 'Al' })).toBe(
    `npx meridian query 'select * from users.orders where 1 = 0 limit 100'`,
  );
});

test('a heading sorts up, down, and not at all', () => {
  expect([undefined, 'id', '-id', 'name'].map((sort) => nextSort(sort, 'id'))).toEqual(['id', '-id', undefined, 'id']);
});

test('a reference is dangling where its row is known to be missing, and only there', () => {
  const userId = ORDER.properties[1] as Property;
  expect(isDangling(userId, 5, { userId: 5, _related: { userId: null } })).toBe(true);
  expect(isDangling(userId, 5, { userId: 5, _related: { userId: { id: 5 } } })).toBe(false);
  expect(isDangling(userId, 5, { userId: 5 })).toBe(false);
  expect(isDangling(userId, null, { userId: null, _related: { userId: null } })).toBe(false);
});

test('rows that several properties have found are sorted together', () => {
  const rows = [{ id: 9 }, { id: 10 }, { id: 2 }, { id: 10 }];
  expect(distinctRows(ORDER, rows, 'id')).toEqual([{ id: 2 }, { id: 9 }, { id: 10 }]);
  expect(distinctRows(ORDER, rows, '-id')).toEqual([{ id: 10 }, { id: 9 }, { id: 2 }]);
  const name = property('name', { ignoresCase: true });
  const named = { ...ORDER, properties: [...ORDER.properties, name] };
  const people = [
    { id: 1, name: 'bob' },
    { id: 2, name: 'Alice' },
  ];
  expect(distinctRows(named, people, 'name').map(({ id }) => id)).toEqual([2, 1]);
});

test('a row is found once, and its path has every part of its key', () => {
  expect(distinctRows(ORDER, [{ id: 1 }, { id: 2 }, { id: 1 }])).toEqual([{ id: 1 }, { id: 2 }]);
  expect(keyOf({ ...ORDER, key: ['id', 'line'] }, { id: 1, line: 'a/b' })).toEqual(['1', 'a/b']);
  expect(rowPath(ORDER, ['a/b', '2'])).toBe('/api/databases/orders.boston/order/a%2Fb/2');
});

test('what refers to an entity is found in every database', () => {
  const databases = [{ database: 'orders.boston', state: 'ok' as const, reason: null, entities: [ORDER] }];
  const found = referringTo({ databases, tables: [], operations: [], screens: [] }, 'users', 'user');
  expect(found.map(({ database, property: { label } }) => `${database} ${label}`)).toEqual(['orders.boston userId']);
  expect(referringTo({ databases, tables: [], operations: [], screens: [] }, 'products', 'product')).toEqual([]);
});

test('a new record has what was typed, each value in the form that loses nothing', () => {
  const texts = {
    id: '12345678901234567890',
    isPaid: 'true',
    details: '{"a": 1}',
    'address.street': 'Main',
    userId: '',
  };
  expect(recordOf(ORDER.properties, texts)).toEqual({
    id: '12345678901234567890',
    isPaid: true,
    details: { a: 1 },
    address: { street: 'Main' },
  });
  expect(recordOf(ORDER.properties, { details: '{', isPaid: 'perhaps', version: '3' })).toEqual({
    details: '{',
    isPaid: 'perhaps',
  });
});

test('a patch has only what was changed, and null for what was emptied', () => {
  const row = { id: 1, userId: 5, isPaid: false, details: { a: 1 }, address: { street: 'Main' }, version: 2 };
  const before = textsOf(ORDER.properties, row);
  expect(before).toMatchObject({ id: '1', details: '{\n  "a": 1\n}', 'address.street': 'Main' });
  expect(patchOf(ORDER.properties, before, before)).toEqual({});
  expect(patchOf(ORDER.properties, before, { ...before, id: '9', userId: '', 'address.street': 'High' })).toEqual({
    userId: null,
    address: { street: 'High' },
  });
});

test('JSON is sent as it is written, and replaces what was there', () => {
  const before = textsOf(ORDER.properties, { id: 1, details: { a: 1, b: 2 } });
  const changed = (details: string) => patchOf(ORDER.properties, before, { ...before, details });
  expect(JSON.stringify(changed('{"a": 1.10, "c": null}'))).toBe('{"details":{"a":1.10,"c":null}}');
  expect(changed(' null')).toEqual({ details: null });
  expect(wholeIn(ORDER.properties, changed(' null'))).toBe('details');
  expect(wholeIn(ORDER.properties, { isPaid: true })).toBeUndefined();
});

test('a text of JSON is a text with quotes, which a load reads as it is written', () => {
  const texts = textsOf(ORDER.properties, { id: 1, details: '{}' });
  expect(texts).toMatchObject({ id: '1', details: '"{}"' });
  const record = recordOf(ORDER.properties, { details: '"{}"' });
  expect(record).toEqual({ details: '{}' });
  expect(createCommand(ORDER, ORDER.properties, { details: '"{}"' })).toBe(
    `printf '%s\\n' '{"details":"\\"{}\\""}' | npx meridian populate --load orders=- --format ndjson`,
  );
  expect(faultsIn(ORDER.properties, texts)).toEqual([]);
  expect(faultsIn(ORDER.properties, { details: 'eco' })).toMatchObject([{ property: 'details', code: 'parse' }]);
});

test('numbers in answers are shown as they are written', () => {
  const row = parseWrittenJson('{"id":9007199254740993,"details":{"price":1.10,"\\"":-0,"n":12}}') as Row;
  expect(textsOf(ORDER.properties, row)).toMatchObject({
    id: '9007199254740993',
    details: '{\n  "price": 1.10,\n  "\\"": -0,\n  "n": 12\n}',
  });
  expect(keyOf(ORDER, row)).toEqual(['9007199254740993']);
});

test('of a long table only the rows are drawn that are seen', () => {
  const view = { scrollTop: 0, height: 600, rowHeight: 30 };
  expect(windowOf(150, { ...view, scrollTop: 3000 })).toEqual({ from: 0, to: 150 });
  expect(windowOf(10_000, view)).toEqual({ from: 0, to: 40 });
  expect(windowOf(10_000, { ...view, scrollTop: 30_000 })).toEqual({ from: 980, to: 1040 });
  expect(windowOf(10_000, { ...view, scrollTop: 299_400 })).toEqual({ from: 9960, to: 10_000 });
});
