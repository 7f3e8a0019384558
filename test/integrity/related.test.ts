/** Rows that references lead to, in another database. */
import { afterEach, expect, test } from '@jest/globals';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Database } from '../../src/database/database.ts';
import type { DatabaseDeclaration } from '../../src/database/declaration.ts';
import { related } from '../../src/integrity/related.ts';
import { apart, forEachEngineThoroughly, type Place } from '../support/engines.ts';

@Entity({ tableName: 'accounts' })
class Account {
  @PrimaryKey({ type: 'uuid' })
  id!: string;

  @Property({ type: 'text' })
  name!: string;

  @Property({ type: 'datetime', length: 3 })
  joined!: Date;
}

@Entity({ tableName: 'letters' })
class Letter {
  @PrimaryKey({ type: 'bigint', autoincrement: false })
  id!: string;

  @Property({ type: 'text' })
  text!: string;
}

@Entity({ tableName: 'visits' })
class Visit {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  @Property({ type: 'uuid', nullable: true })
  accountId: string | null = null;

  @Property({ type: 'bigint', nullable: true })
  letterId: string | null = null;
}

@Entity({ tableName: 'lines' })
class Line {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  order!: number;

  @PrimaryKey({ type: 'integer', autoincrement: false })
  line!: number;

  @Property({ type: 'integer', nullable: true })
  accountId: number | null = null;
}

const ALICE = '0a0a0a0a-0000-4000-8000-000000000001';
const BOB = '0a0a0a0a-0000-4000-8000-000000000002';
const NONE = '0a0a0a0a-0000-4000-8000-000000000009';

const accounts: DatabaseDeclaration = { name: 'accounts', entities: [{ name: 'account', entity: Account }] };
const letters: DatabaseDeclaration = {
  name: 'letters',
  entities: [
    { name: 'letter', entity: Letter },
    { name: 'line', entity: Line, references: { accountId: { database: 'letters', entity: 'letter' } } },
  ],
};
const visits: DatabaseDeclaration = {
  name: 'visits',
  entities: [
    {
      name: 'visit',
      entity: Visit,
      references: {
        accountId: { database: 'accounts', entity: 'account' },
        letterId: { database: 'letters', entity: 'letter' },
        id: { database: 'letters', entity: 'line' },
      },
    },
  ],
};

const opened: Database[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

async function open(place: Place): Promise<Database[]> {
  for (const declaration of [accounts, letters, visits]) {
    const database = await Database.open(declaration, place.options(declaration.name));
    opened.push(database);
    await database.engine.prepareMigrations(database.fork());
    await database.orm.schema.create();
  }
  const [first, second, third] = opened as [Database, Database, Database];
  const joined = new Date('2026-01-02T03:04:05.678Z');
  await first.bulk(Account).insert(first.fork(), [
    { id: ALICE, name: 'Alice', joined },
    { id: BOB, name: 'Bob', joined },
  ]);
  await second.bulk(Letter).insert(second.fork(), [{ id: '7', text: 'seven' }]);
  await third.bulk(Visit).insert(third.fork(), [
    { id: 1, accountId: ALICE, letterId: '7' },
    { id: 2, accountId: BOB, letterId: null },
    { id: 3, accountId: ALICE, letterId: '8' },
    { id: 4, accountId: NONE, letterId: null },
  ]);
  return opened;
}

forEachEngineThoroughly((makePlace) => {
  test('entities: each with its row, which two may share, or with none', async () => {
    const databases = await open(apart(await makePlace()));
    const found = await (databases[2] as Database).fork().find(Visit, {}, { orderBy: { id: 'asc' } });
    const byVisit = await related(databases, found, 'accountId', { to: Account, batchKeys: 1 });
    expect(found.map((visit) => byVisit.get(visit)?.name)).toEqual(['Alice', 'Bob', 'Alice', undefined]);
    const [first, , third] = found as [Visit, Visit, Visit];
    expect(byVisit.get(first)).toBe(byVisit.get(third));
    expect(byVisit.get(first)).toBeInstanceOf(Account);
    expect(byVisit.get(first)?.joined).toEqual(new Date('2026-01-02T03:04:05.678Z'));
    const byLetter = await related(databases, found, 'letterId', { to: Letter });
    expect([...byLetter.values()].map((letter) => letter?.text)).toEqual(['seven', undefined, undefined, undefined]);
  });

  test('plain rows: keys in any spelling', async () => {
    const databases = await open(apart(await makePlace()));
    const rows = [{ accountId: ALICE.toUpperCase() }, { accountId: `{${BOB}}` }, { accountId: null }];
    const found = await related(databases, rows, 'accountId', { of: 'visits.visit' });
    expect([...found.values()]).toMatchObject([{ name: 'Alice' }, { name: 'Bob' }, undefined]);
    const numbers = [{ letterId: 7 }, { letterId: 7n }, { letterId: '7' }];
    expect(
      [...(await related(databases, numbers, 'letterId')).values()].map((letter) => (letter as Letter).text),
    ).toEqual(['seven', 'seven', 'seven']);
    expect(await related(databases, [], 'letterId' as never)).toEqual(new Map());
  });

  test('what is not declared, ambiguous or not open is refused', async () => {
    const databases = await open(apart(await makePlace()));
    const row = { accountId: ALICE, id: 1, other: 1 };
    const refused = (work: Promise<unknown>, sentence: string) =>
      expect(work).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining(sentence) });
    await refused(related(databases, [row], 'other'), 'No entity of the open databases declares a reference other.');
    await refused(
      related(databases, [row], 'other', { of: 'visits' }),
      'No entity visits of the open databases declares',
    );
    await refused(
      related(databases, [row], 'accountId'),
      'accountId is a reference of letters.line and of visits.visit, and they refer to different entities.',
    );
    await refused(
      related(databases, [row], 'id'),
      'id refers to letters.line, whose rows are identified by order and line',
    );
    await refused(
      related(databases, [row], 'accountId', { of: 'visits', to: Letter }),
      'accountId refers to Account (accounts), and not to Letter.',
    );
    await refused(
      related(databases.slice(1), [row], 'accountId', { of: 'visits' }),
      'accountId refers to accounts.account, and the database accounts is not open.',
    );
  });
});

test('a property that the rows do not have is an error of the compiler', () => {
  const visitsOf = (rows: readonly Visit[]) =>
    // @ts-expect-error the entity has no such property
    related([], rows, 'accountID');
  expect(visitsOf).toBeInstanceOf(Function);
});
