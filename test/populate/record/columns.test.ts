/** Which column of a source belongs to which property. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ColumnMap, Columns, headerAdvice } from '../../../src/populate/record/columns.ts';
import { shapeOf } from '../../../src/populate/record/shape.ts';
import { MeridianError } from '../../../src/shared/errors.ts';
import { orders, products } from '../../../src/shop/catalog.ts';
import { metadataIn } from '../../support/metadata.ts';

const orderShape = shapeOf(metadataIn(orders));
const productShape = shapeOf(metadataIn(products));

const assign = (names: readonly string[], map?: ColumnMap) => {
  const columns = new Columns(orderShape, map);
  const assigned = columns.assign(names);
  return typeof assigned === 'string' ? assigned : { assigned: Object.fromEntries(assigned), ignored: columns.ignored };
};

const ALL = ['id', 'userId', 'productId', 'quantity'];

describe('assign', () => {
  test.each([
    'userId',
    'user_id',
    'UserID',
    'User ID',
    'user-id',
    'USERID',
    ' userId ',
    'User  Id',
    'user\u00a0id',
    'user\u200bId',
    '\ufeffuserId',
    'user\u00adid',
    'userId\u2060\u200d',
  ])('takes %j for userId', (column) => {
    expect(assign([column])).toEqual({ assigned: { userId: column }, ignored: [] });
  });

  test.each(['user', 'user.id', 'userIds', 'uſerid2', '', ' '])('does not take %j for any property', (column) => {
    expect(assign([column])).toEqual({ assigned: {}, ignored: [column] });
  });

  test.each([[['userId', 'user_id']], [['user_id', 'userId']]])('prefers the exact name: %j', (names) => {
    expect(assign(names)).toEqual({ assigned: { userId: 'userId' }, ignored: ['user_id'] });
  });

  test.each([[['userId', 'user_id', 'USERID']], [['user_id', 'userId', 'USERID']], [['user_id', 'USERID', 'userId']]])(
    'prefers the exact name to any number of others: %j',
    (names) => {
      expect(assign(names)).toEqual({
        assigned: { userId: 'userId' },
        ignored: expect.arrayContaining(['user_id', 'USERID']),
      });
    },
  );

  test('reports two columns that fit equally well', () => {
    expect(assign(['id', 'user_id', 'User ID'])).toBe('Columns "user_id" and "User ID" both fit userId');
  });

  test('shows what cannot be seen in the names of columns', () => {
    expect(assign(['id', 'user\u200bId', 'user\u00a0Id'])).toBe(
      'Columns "user\\u200bId" and "user\\u00a0Id" both fit userId',
    );
    expect(assign(['userId', 'user\u200bId', 'no\ufeffte', '\u{e0041}'])).toEqual({
      assigned: { userId: 'userId' },
      ignored: ['user\\u200bId', 'no\\ufeffte', '\\u{e0041}'],
    });
  });

  test('shortens long names in what it says', () => {
    const long = 'n'.repeat(100);
    expect(assign([long])).toEqual({ assigned: {}, ignored: [`${'n'.repeat(60)}…`] });
  });

  test('names ignored columns once, however many records have them', () => {
    const columns = new Columns(orderShape);
    for (let record = 0; record < 3; record++) {
      columns.assign(['id', 'note', 'colour']);
    }
    expect(columns.ignored).toEqual(['note', 'colour']);
  });

  test('names at most twenty, and says how many more', () => {
    const columns = new Columns(orderShape);
    columns.assign(Array.from({ length: 30 }, (_, index) => `note ${index}`));
    expect(columns.ignored).toHaveLength(21);
    expect(columns.ignored.slice(19)).toEqual(['note 19', '10 more']);
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('ignores %s like any other name', (column) => {
    expect(assign(['id', column])).toEqual({ assigned: { id: 'id' }, ignored: [column] });
  });
});

describe('a map', () => {
  test('names the column of a property', () => {
    expect(assign(['id', 'customer'], { userId: 'customer' })).toEqual({
      assigned: { id: 'id', userId: 'customer' },
      ignored: [],
    });
  });

  test('goes before the name of the property itself', () => {
    expect(assign(['userId', 'customer'], { userId: 'customer' })).toEqual({
      assigned: { userId: 'customer' },
      ignored: ['userId'],
    });
  });

  test('may give a property the column that is named like another one', () => {
    expect(assign(['userId', 'productId'], { userId: 'productId', productId: 'userId' })).toEqual({
      assigned: { userId: 'productId', productId: 'userId' },
      ignored: [],
    });
  });

  test('settles which of two columns is meant', () => {
    expect(assign(['user_id', 'User ID'], { userId: 'User ID' })).toEqual({
      assigned: { userId: 'User ID' },
      ignored: ['user_id'],
    });
  });

  test('does not see spaces around names', () => {
    expect(assign([' customer '], { userId: 'customer ' })).toEqual({
      assigned: { userId: ' customer ' },
      ignored: [],
    });
  });

  test('sees the case of letters', () => {
    expect(assign(['Customer'], { userId: 'customer' })).toEqual({ assigned: {}, ignored: ['Customer'] });
  });

  test.each(['colour', '__proto__', 'constructor', 'userid'])('cannot name %j, which is no property', (property) => {
    const map = Object.fromEntries([[property, 'column']]);
    expect(() => new Columns(orderShape, map)).toThrow(
      new MeridianError(
        'usage',
        `--map: Order has no property "${property}". It has id, userId, productId, quantity, unitPrice, placedAt, country, status, checkoutId.`,
      ),
    );
  });
});

describe('checkHeader', () => {
  const check = (names: readonly string[], map?: ColumnMap) => () =>
    new Columns(orderShape, map).checkHeader('orders.csv', names);

  test.each([
    [ALL],
    [['ID', 'user id', 'product-id', 'Quantity', 'note']],
    [['quantity', 'productId', 'userId', 'id']],
    [['user_id', ...ALL]],
  ])('accepts %j', (names) => {
    expect(check(names)).not.toThrow();
  });

  test('does not ask for a column that may be missing', () => {
    expect(() => new Columns(productShape).checkHeader('products.csv', ['id', 'name', 'price'])).not.toThrow();
  });

  test.each([
    [['id', 'userId', 'productId'], 'orders.csv: no column for quantity. Columns found: id, userId, productId.'],
    [
      ['id', 'user', 'number'],
      'orders.csv: no column for userId, productId, quantity. Columns found: id, user, number.',
    ],
    [
      ['id;userId;productId;quantity'],
      'orders.csv: no column for id, userId, productId, quantity. Columns found: id;userId;productId;quantity. Its columns seem to be separated by ";": use --delimiter \';\'.',
    ],
  ])('misses columns in %j', (names, message) => {
    expect(check(names)).toThrow(expect.objectContaining({ code: 'source', message }));
  });

  test.each([
    [['id', 'user'], 'If a column has another name, say so with --map.'],
    [['Report of April'], 'If they are not the header, skip the lines before it with --skip-lines, or name the'],
    [['id\tuserId'], 'Its columns seem to be separated by tabs: use --delimiter tab.'],
  ])('of a file says what to do about %j', (names, advice) => {
    const given = () => new Columns(orderShape).checkHeader('orders.csv', names, headerAdvice);
    expect(given).toThrow(expect.objectContaining({ message: expect.stringContaining(` ${advice}`) }));
  });

  test.each(['address_street', 'address.street', 'addressStreet', 'ADDRESS.Street'])(
    'a member of an embeddable may be mapped as %s',
    (member) => {
      class House {}
      const properties = [{ name: 'address_street', required: true, aliases: ['address.street', 'address_street'] }];
      const columns = new Columns({ entity: House, properties }, { [member]: 'Road' });
      expect(columns.assign(['Road'])).toEqual(new Map([['address_street', 'Road']]));
    },
  );

  test('says which two columns fit', () => {
    expect(check([...ALL.slice(0, 1), 'user_id', 'User ID', 'productId', 'quantity'])).toThrow(
      expect.objectContaining({
        code: 'source',
        message:
          'orders.csv: Columns "user_id" and "User ID" both fit userId. Name one of them with --map. Columns found: id, user_id, User ID, productId, quantity.',
      }),
    );
  });

  test('misses a column that the map names', () => {
    expect(check(ALL, { userId: 'customer' })).toThrow(
      expect.objectContaining({
        code: 'source',
        message:
          'orders.csv: no column "customer", which --map names for userId. Columns found: id, userId, productId, quantity.',
      }),
    );
  });
});

describe('layoutOf', () => {
  const names = orderShape.properties.map(({ name }) => name);

  test('gives the index of the column of each property', () => {
    const { indexes, problem } = new Columns(orderShape).layoutOf(['note', 'quantity', 'user_id', 'id']);
    expect(Object.fromEntries(names.map((name, index) => [name, indexes[index]]))).toEqual({
      ...Object.fromEntries(names.map((name) => [name, -1])),
      id: 3,
      userId: 2,
      quantity: 1,
    });
    expect(problem).toBeUndefined();
  });

  test('a column without a name belongs to no property', () => {
    expect(new Columns(orderShape).layoutOf(['', 'id']).indexes.filter((index) => index === 0)).toEqual([]);
  });

  test('says what assign says, each time, for any lists of columns', () => {
    const column = fc.constantFrom('id', 'ID', 'userId', 'user_id', 'User Id', 'productId', 'qty', 'note', '', '1');
    const lists = fc.array(fc.uniqueArray(column, { maxLength: 6 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(lists, fc.constantFrom<ColumnMap>({}, { quantity: 'qty' }), (all, map) => {
        const [remembering, fresh] = [new Columns(orderShape, map), new Columns(orderShape, map)];
        for (const columns of all) {
          const assigned = fresh.assign(columns);
          const { indexes, problem } = remembering.layoutOf([...columns]);
          if (typeof assigned === 'string') {
            expect(problem).toBe(assigned);
          } else {
            expect(problem).toBeUndefined();
            expect(indexes.map((index) => columns[index])).toEqual(names.map((name) => assigned.get(name)));
          }
        }
        expect([remembering.ignored, remembering.unmet]).toEqual([fresh.ignored, fresh.unmet]);
      }),
    );
  });
});

describe('layoutOf a record with a map of its own', () => {
  const RECORD = ['id', 'CustomerID', 'productId', 'quantity'];

  /** Property -> column. */
  const layout = (columns: Columns, names: readonly string[], own: ColumnMap) => {
    const { indexes, problem } = columns.layoutOf(names, own);
    const found = orderShape.properties.flatMap(({ name }, at) => {
      const column = names[indexes[at] ?? -1];
      return column === undefined ? [] : [[name, column]];
    });
    return problem ?? Object.fromEntries(found);
  };

  test('takes its columns from that map', () => {
    const columns = new Columns(orderShape);
    expect(layout(columns, RECORD, { userId: 'CustomerID' })).toMatchObject({ userId: 'CustomerID' });
    expect(layout(columns, ['\ufeff CustomerID '], { userId: 'CustomerID' })).toEqual({ userId: '\ufeff CustomerID ' });
    expect(columns.ignored).toEqual([]);
    expect(columns.layoutOf(RECORD).indexes[1]).toBe(-1);
    expect(columns.ignored).toEqual(['CustomerID']);
  });

  test('finds a property by its own name where the record was corrected', () => {
    expect(layout(new Columns(orderShape), ALL, { userId: 'CustomerID' })).toEqual({
      id: 'id',
      userId: 'userId',
      productId: 'productId',
      quantity: 'quantity',
    });
  });

  test('goes by the map that is given now before its own', () => {
    const columns = new Columns(orderShape, { userId: 'Buyer', quantity: 'Pieces' });
    const own = { userId: 'CustomerID', productId: 'Pieces', id: 'Nr' };
    expect(columns.mapOf(own)).toEqual({ userId: 'Buyer', quantity: 'Pieces', id: 'Nr' });
    expect(columns.mapOf()).toEqual({ userId: 'Buyer', quantity: 'Pieces' });
    expect(layout(columns, ['Nr', 'CustomerID', 'Buyer', 'Pieces'], own)).toEqual({
      id: 'Nr',
      userId: 'Buyer',
      quantity: 'Pieces',
    });
    expect(columns.unmet).toEqual([]);
  });

  test.each([
    [{ nothing: 'CustomerID' }, /^The map of the record: Order has no property "nothing"\. It has .*[^.]$/],
    [{ userId: 'id', productId: 'id' }, /^The map of the record: the column "id" is named for two properties/],
  ])('says what is wrong with its map: %j', (own, sentence) => {
    expect(layout(new Columns(orderShape), RECORD, own as ColumnMap)).toMatch(sentence);
  });

  test('remembers a few maps, however many there are', () => {
    const columns = new Columns(orderShape);
    for (let count = 0; count < 100; count++) {
      const name = `Customer ${count}`;
      expect(layout(columns, [name], { userId: name })).toEqual({ userId: name });
    }
  });
});
