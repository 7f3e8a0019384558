/** Every entity of a configuration over HTTP, with the rules, conflicts and references of a load. */
import { describe, expect, test } from '@jest/globals';
import { Entity, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import type { DatabaseDeclaration } from '../../src/database/declaration.ts';
import { changeEvents } from '../../src/replication/outbox/change-events.ts';
import { withOutbox } from '../../src/replication/outbox/own-tables.ts';
import { catalog } from '../../src/shop/catalog.ts';
import { apart, forEachEngineMigratedThoroughly, forEachEngineThoroughly } from '../support/engines.ts';
import { makeTables, type Served, serve } from '../support/served.ts';

const USERS = '/api/databases/users/user';
const PRODUCTS = '/api/databases/products/product';
const ORDERS = '/api/databases/orders/order';

const alice = { id: 1, name: 'Alice', email: 'alice@example.com' };

async function fill({ ask }: Served): Promise<void> {
  expect((await ask('POST', USERS, { body: alice })).status).toBe(201);
  expect((await ask('POST', PRODUCTS, { body: { id: 7, name: 'Pen', price: '1.5', sku: 'P-7' } })).status).toBe(201);
  expect((await ask('POST', ORDERS, { body: { id: 10, userId: 1, productId: 7, quantity: 2 } })).status).toBe(201);
}

forEachEngineMigratedThoroughly('catalog', (makePlace) => {
  test('a row is created, read, changed, replaced and deleted', async () => {
    const served = await serve(await makePlace(), catalog);
    const { ask } = served;
    const created = await ask('POST', USERS, { body: alice });
    expect(created).toMatchObject({ status: 201, body: alice, headers: { location: `${USERS}/1` } });
    expect(await ask('POST', USERS, { body: alice })).toMatchObject({ status: 200, body: alice });
    expect(await ask('GET', `${USERS}/1`)).toMatchObject({ status: 200, body: alice });
    const patched = await ask('PATCH', `${USERS}/1`, { body: { name: 'Alicia' } });
    expect(patched).toMatchObject({ status: 200, body: { ...alice, name: 'Alicia' } });
    expect(patched.headers['etag']).not.toBe(created.headers['etag']);
    const replaced = await ask('PUT', `${USERS}/1`, { body: { name: 'Al', email: 'al@example.com' } });
    expect(replaced).toMatchObject({ status: 200, body: { id: 1, name: 'Al', email: 'al@example.com' } });
    expect(await ask('PUT', `${USERS}/2`, { body: { name: 'Bob', email: 'bob@example.com' } })).toMatchObject({
      status: 201,
    });
    expect(await ask('DELETE', `${USERS}/2`)).toMatchObject({ status: 204, body: '' });
    expect(await ask('GET', `${USERS}/2`)).toMatchObject({ status: 404, body: { code: 'unknown' } });
    expect(await ask('DELETE', `${USERS}/2`)).toMatchObject({ status: 404 });
  });

  test('a record that breaks rules is refused with the errors of a reject', async () => {
    const { ask } = await serve(await makePlace(), catalog);
    const { status, body, headers } = await ask('POST', USERS, { body: { id: 0, name: '', mail: 'x' } });
    expect(status).toBe(422);
    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(body.errors).toEqual(
      expect.arrayContaining([
        { property: 'mail', code: 'unknown', message: 'There is no property "mail". Did you mean email?' },
        { property: 'id', code: 'isPositive', message: 'Id must be positive' },
        { property: 'name', code: 'isNotEmpty', message: 'Name cannot be empty' },
        { property: 'email', code: 'isNotEmpty', message: 'Email cannot be empty' },
      ]),
    );
    expect(await ask('POST', USERS, { body: '{' })).toMatchObject({ status: 400 });
    expect(await ask('POST', USERS, { body: '[]' })).toMatchObject({ status: 400 });
  });

  test('uniqueness and conflicts are those of a load', async () => {
    const { ask } = await serve(await makePlace(), catalog);
    await ask('POST', USERS, { body: alice });
    expect(await ask('POST', USERS, { body: { ...alice, id: 2, email: 'ALICE@example.com' } })).toMatchObject({
      status: 409,
      body: {
        errors: [{ property: 'email', code: 'duplicate', message: expect.stringContaining('belongs to user 1') }],
      },
    });
    expect(await ask('POST', USERS, { body: { ...alice, name: 'Other' } })).toMatchObject({
      status: 409,
      body: { errors: [{ property: 'id', code: 'conflict', message: 'User 1 already exists with another name' }] },
    });
    await ask('POST', USERS, { body: { id: 2, name: 'Bob', email: 'bob@example.com' } });
    expect(await ask('PATCH', `${USERS}/2`, { body: { email: alice.email } })).toMatchObject({ status: 409 });
    expect(await ask('PATCH', `${USERS}/2`, { body: { id: 3 } })).toMatchObject({
      status: 409,
      body: { errors: [{ property: 'id', code: 'key' }] },
    });
  });

  test('references across databases are checked, followed, and keep rows from being deleted', async () => {
    const served = await serve(await makePlace(), catalog);
    const { ask } = served;
    await fill(served);
    expect(await ask('POST', ORDERS, { body: { id: 11, userId: 99, productId: 7, quantity: 1 } })).toMatchObject({
      status: 422,
      body: { errors: [{ property: 'userId', code: 'reference', message: 'User 99 does not exist' }] },
    });
    expect(
      await ask('PATCH', `${ORDERS}/10`, { body: { productId: 8 }, headers: { 'if-match': '"1"' } }),
    ).toMatchObject({
      status: 422,
      body: { errors: [{ property: 'productId', code: 'reference' }] },
    });
    expect(await ask('DELETE', `${USERS}/1`)).toMatchObject({
      status: 409,
      body: { errors: [{ property: 'orders.order.userId', message: 'userId of order 10 in orders refers to it' }] },
    });
    expect(await ask('GET', `${ORDERS}/10?expand=userId,productId`)).toMatchObject({
      body: { id: 10, _related: { userId: alice, productId: { id: 7, price: '1.50' } } },
    });
    expect(await ask('GET', `${ORDERS}?expand=quantity`)).toMatchObject({ status: 400 });
    expect(await ask('DELETE', `${ORDERS}/10`, { headers: { 'if-match': '"1"' } })).toMatchObject({ status: 204 });
    expect(await ask('DELETE', `${USERS}/1`)).toMatchObject({ status: 204 });
  });

  test('a row with a version is changed only by who knows it, and of two writers one', async () => {
    const served = await serve(await makePlace(), catalog);
    const { ask } = served;
    await fill(served);
    const one = `${ORDERS}/10`;
    expect(await ask('GET', one)).toMatchObject({ headers: { etag: '"1"' } });
    expect(await ask('GET', one, { headers: { 'if-none-match': '"1"' } })).toMatchObject({ status: 304, body: '' });
    for (const method of ['PATCH', 'PUT', 'DELETE']) {
      const body = method === 'DELETE' ? {} : { body: { userId: 1, productId: 7, quantity: 3 } };
      expect(await ask(method, one, body)).toMatchObject({ status: 428, body: { code: 'precondition' } });
      expect(await ask(method, one, { ...body, headers: { 'if-match': '"9"' } })).toMatchObject({ status: 412 });
    }
    expect(await ask('PATCH', one, { body: { quantity: 3, version: 7 } })).toMatchObject({ status: 412 });
    const both = await Promise.all(
      [4, 5].map((quantity) => ask('PATCH', one, { body: { quantity }, headers: { 'if-match': '"1"' } })),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
    expect(await ask('PATCH', one, { body: { quantity: 6, version: 2 } })).toMatchObject({
      status: 200,
      headers: { etag: '"3"' },
      body: { quantity: 6, version: 3 },
    });
    expect(await ask('PUT', one, { body: {}, headers: { 'if-none-match': '*' } })).toMatchObject({ status: 422 });
    const whole = { userId: 1, productId: 7, quantity: 1 };
    expect(await ask('PUT', one, { body: whole, headers: { 'if-none-match': '*' } })).toMatchObject({ status: 412 });
    expect(await ask('PATCH', one, { body: { status: 'pending', version: 3 } })).toMatchObject({ status: 200 });
    // what a replacement leaves out has its default again
    expect(await ask('PUT', one, { body: whole, headers: { 'if-match': '"4"' } })).toMatchObject({
      body: { status: 'confirmed', quantity: 1, version: 5 },
    });
  });

  test('conditions hold together, and If-Match is looked at first', async () => {
    const served = await serve(await makePlace(), catalog);
    const { ask } = served;
    await fill(served);
    const one = `${ORDERS}/10`;
    const record = { userId: 1, productId: 7, quantity: 3 };
    const put = (headers: Record<string, string>, path = one) => ask('PUT', path, { body: record, headers });
    // the version that the row no longer has, and one that it never had
    expect(await put({ 'if-none-match': '"9"' })).toMatchObject({ status: 428 });
    expect(await put({ 'if-none-match': '*' })).toMatchObject({ status: 412 });
    expect(await put({ 'if-match': '"1"', 'if-none-match': '*' })).toMatchObject({ status: 412 });
    expect(await put({ 'if-match': '"1"', 'if-none-match': 'W/"1"' })).toMatchObject({ status: 412 });
    expect(await put({ 'if-match': '"9"', 'if-none-match': '"8"' })).toMatchObject({
      status: 412,
      body: { detail: expect.stringContaining('If-Match') },
    });
    expect(await put({ 'if-match': 'W/"1"' })).toMatchObject({ status: 412 });
    expect(await put({ 'if-match': '"a,*,b"' })).toMatchObject({ status: 412 });
    expect((await ask('GET', one)).body).toMatchObject({ quantity: 2, version: 1 });
    expect(await put({ 'if-match': '"7", "1"', 'if-none-match': '"9"' })).toMatchObject({ status: 200 });
    const named = { body: { quantity: 4, version: 2 }, headers: { 'if-match': '"1", "2"' } };
    expect(await ask('PATCH', one, named)).toMatchObject({ status: 200, body: { version: 3 } });
    expect(await ask('DELETE', one, { headers: { 'if-none-match': '"9"' } })).toMatchObject({ status: 428 });
    for (const [headers, status] of [
      [{ 'if-match': '"9"' }, 412],
      [{ 'if-match': '"9"', 'if-none-match': '"3"' }, 412],
      [{ 'if-match': '"3"', 'if-none-match': '"3"' }, 304],
      [{ 'if-match': '*' }, 200],
    ] as const) {
      expect([headers, (await ask('GET', one, { headers: headers as never })).status]).toEqual([headers, status]);
    }
    const other = `${ORDERS}/11`;
    expect(await put({ 'if-match': '*', 'if-none-match': '*' }, other)).toMatchObject({ status: 412 });
    expect(await put({ 'if-none-match': '*' }, other)).toMatchObject({ status: 201 });
    expect(await put({ 'if-none-match': '*' }, other)).toMatchObject({ status: 412 });
  });

  test('of many writers of one new row, one creates it', async () => {
    const { ask } = await serve(await makePlace(), catalog);
    const names = Array.from({ length: 8 }, (_, index) => `Name ${index}`);
    const answers = await Promise.all(names.map((name) => ask('POST', USERS, { body: { ...alice, name } })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...names.slice(1).map(() => 409)]);
  });

  test('paths and queries are data, and say what there is', async () => {
    const served = await serve(await makePlace(), catalog);
    const { ask } = served;
    await fill(served);
    for (const path of [
      '/api/databases/nonesuch/user',
      '/api/databases/users/nonesuch',
      '/api/databases/__proto__/user',
      '/api/databases/users/..%2f..%2fetc',
      `${USERS}/1/2`,
      `${USERS}/1'%20or%201=1`,
      `${USERS}/%00`,
      '/api/../../etc/passwd',
    ]) {
      expect(await ask('GET', path)).toMatchObject({ status: 404, body: { code: 'unknown' } });
    }
    expect((await ask('GET', `${USERS}/1/2`)).body.detail).toBe('The key of user has 1 part (id), and the path has 2.');
    for (const query of [
      'sort=name',
      'sort=id;drop table users',
      'sort=__proto__',
      'filter.name=x',
      'filter.id=1 or 1=1',
      'filter.id.like=1',
      'filter.id.constructor=1',
      'limit=0',
      'limit=1e3',
      'total=1',
      'id=1',
      'filter.id=1&filter.id=2',
    ]) {
      const answer = await ask('GET', `${USERS}?${query.replaceAll(' ', '%20')}`);
      expect(answer).toMatchObject({ status: 400, body: { code: 'usage' } });
      expect(answer.body.detail).not.toMatch(/sql/i);
    }
    expect(await ask('GET', `${USERS}?after=x`)).toMatchObject({ status: 404, body: { code: 'unknown' } });
    expect((await ask('GET', `${USERS}?sort=name`)).body.detail).toContain('Those are id, email');
    expect((await ask('GET', `${USERS}?filter.email=${encodeURIComponent("' or ''='")}`)).body.rows).toEqual([]);
    expect((await ask('GET', `${USERS}?filter.id.gte=1&filter.id.lt=2&total=true`)).body).toEqual({
      rows: [alice],
      next: null,
      total: 1,
    });
  });
});

@Entity({ tableName: 'depots' })
class Depot {
  @PrimaryKey({ type: 'uuid' })
  id!: string;

  @Property({ type: 'text' })
  name!: string;
}

@Entity({ tableName: 'stays' })
class Stay {
  @PrimaryKey({ type: 'bigint', autoincrement: false })
  parcel!: string;

  @PrimaryKey({ type: 'text' })
  day!: string;

  @ManyToOne({ entity: () => Depot, nullable: true })
  depot?: Depot | null;

  @Property({ type: 'double', nullable: true })
  @Index()
  weight!: number | null;
}

@Entity({ tableName: 'people' })
class Person {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  @ManyToOne({ entity: () => Person, nullable: true })
  boss?: Person | null;

  @Property({ type: 'integer', nullable: true })
  mentorId?: number | null;
}

const staff: readonly DatabaseDeclaration[] = [
  {
    name: 'staff',
    entities: [{ name: 'person', entity: Person, references: { mentorId: { database: 'staff', entity: 'person' } } }],
  },
];

@Entity({ tableName: 'notes' })
class Note {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  @Property({ type: 'text' })
  text!: string;

  @Property({ type: 'integer', version: true })
  version!: number;
}

const noteEvents = changeEvents('note', (row, run) => ({
  ...event,
  aggregateId: Number(row['id']),
  payload: JSON.stringify(row),
  run,
}));

const event = {
  eventId: '',
  type: 'changed',
  schemaVersion: 1,
  aggregate: 'note',
  aggregateVersion: 1,
  occurredAt: '2026-01-01T00:00:00.000Z',
} as never as ReturnType<Parameters<typeof changeEvents>[1]>;

const own: readonly DatabaseDeclaration[] = [
  {
    name: 'depots',
    entities: [
      { name: 'depot', entity: Depot },
      { name: 'stay', entity: Stay },
    ],
  },
];

const DEPOT = 'a0a0a0a0-0000-4000-8000-00000000000a';
const LONG = '9007199254740993';

describe('entities of every kind', () => {
  forEachEngineThoroughly((makePlace) => {
    test('keys of several parts, whole numbers beyond 2^53, UUIDs in any case, and relations', async () => {
      const place = apart(await makePlace());
      await makeTables(place, own);
      const { ask } = await serve(place, own);
      const depots = '/api/databases/depots/depot';
      const stays = '/api/databases/depots/stay';
      expect(await ask('POST', depots, { body: { id: DEPOT.toUpperCase(), name: 'North' } })).toMatchObject({
        status: 201,
        headers: { location: `${depots}/${DEPOT}` },
      });
      expect(await ask('GET', `${depots}/${DEPOT.toUpperCase()}`)).toMatchObject({ body: { id: DEPOT } });
      const created = await ask('POST', stays, {
        body: `{"parcel":${LONG},"day":"a/b, c","depot":"${DEPOT}","weight":0.1}`,
      });
      expect(created).toMatchObject({ status: 201, body: { parcel: LONG, day: 'a/b, c', depot: DEPOT, weight: 0.1 } });
      const path = `${stays}/${LONG}/a%2Fb%2C%20c`;
      expect(created.headers['location']).toBe(path);
      expect(await ask('GET', path)).toMatchObject({ status: 200, body: { parcel: LONG } });
      expect(
        await ask('POST', stays, { body: { parcel: 1, day: 'x', depot: DEPOT.replace(/a$/, 'b') } }),
      ).toMatchObject({
        status: 422,
        body: { errors: [{ property: 'depot', code: 'reference' }] },
      });
      expect(await ask('DELETE', `${depots}/${DEPOT}`)).toMatchObject({ status: 409 });
      expect(await ask('PATCH', path, { body: { depot: null } })).toMatchObject({ status: 200, body: { depot: null } });
      expect(await ask('DELETE', `${depots}/${DEPOT}`)).toMatchObject({ status: 204 });
    });

    test('a row that only refers to itself is deleted, and one that others refer to is not', async () => {
      const place = apart(await makePlace());
      await makeTables(place, staff);
      const { ask } = await serve(place, staff);
      const people = '/api/databases/staff/person';
      for (const body of [{ id: 1 }, { id: 2, boss: 1 }, { id: 3, boss: 1 }]) {
        expect(await ask('POST', people, { body })).toMatchObject({ status: 201 });
      }
      expect(await ask('PATCH', `${people}/1`, { body: { boss: 1, mentorId: 1 } })).toMatchObject({ status: 200 });
      expect(await ask('DELETE', `${people}/1`)).toMatchObject({
        status: 409,
        body: {
          errors: [
            {
              property: 'staff.person.boss',
              code: 'reference',
              message: 'boss of person 2, 3 in staff refers to it',
            },
          ],
        },
      });
      for (const id of [2, 3, 1]) {
        expect(await ask('DELETE', `${people}/${id}`)).toMatchObject({ status: 204 });
      }
    });

    test('changes of an entity with an outbox are events of the same transaction, and its rows stay', async () => {
      const place = await makePlace();
      const notes = withOutbox({
        name: 'notes',
        entities: [{ name: 'note', entity: Note, outboxMapping: noteEvents }],
      });
      await makeTables(place, [notes]);
      const { ask } = await serve(place, [notes]);
      const path = '/api/databases/notes/note';
      expect(await ask('POST', path, { body: { id: 1, text: 'a' } })).toMatchObject({ status: 201 });
      const events = await place.execute('notes', 'select payload, run from outbox_event');
      expect(events.map(({ payload, run }) => [JSON.parse(String(payload)), run])).toEqual([
        [{ id: 1, text: 'a', version: 1 }, null],
      ]);
      expect(await ask('DELETE', `${path}/1`, { headers: { 'if-match': '"1"' } })).toMatchObject({ status: 409 });
    });
  });
});
