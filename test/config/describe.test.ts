/** A config as it was resolved, without secrets. */
import { expect, test } from '@jest/globals';
import { SqliteDriver } from '@mikro-orm/sqlite';
import { describeProject, withoutSecrets } from '../../src/config/describe.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import { User } from '../../src/shop/users/user.entity.ts';

test('places, entities and options', async () => {
  const project = await resolveConfig('/p/meridian.config.ts', {
    databases: {
      users: {
        orm: { driver: SqliteDriver, dbName: 'users.db', password: 'secret' },
        entities: { user: { entity: User, naturalKeys: [['email']], sample: 'users.csv' } },
      },
      copies: { entities: { copy: { entity: User, references: { id: 'users.user' } } } },
    },
    rejects: 'rejected',
  });
  expect(await describeProject(project)).toEqual({
    config: '/p/meridian.config.ts',
    databases: [
      {
        name: 'users',
        engine: 'sqlite',
        place: '/p/users.db',
        placeFrom: 'orm',
        migrations: '/p/migrations/users/sqlite',
        entities: [
          {
            name: 'user',
            class: 'User',
            naturalKeys: [['email']],
            references: {},
            sample: '/p/users.csv',
            outbox: false,
          },
        ],
        others: [],
        orm: { driver: '[class SqliteDriver]', dbName: 'users.db', password: '***', baseDir: '/p', preferTs: true },
      },
      {
        name: 'copies',
        engine: 'sqlite',
        place: '/p/databases/copies.db',
        placeFrom: 'default',
        migrations: '/p/migrations/copies/sqlite',
        entities: [{ name: 'copy', class: 'User', naturalKeys: [], references: { id: 'users.user' }, outbox: false }],
        others: [],
      },
    ],
    modules: 0,
    rejects: '/p/rejected',
  });
});

test.each([
  [
    { password: () => 'secret', user: 'ann' },
    { password: '***', user: 'ann' },
  ],
  [
    { clientUrl: 'postgresql://ann:p@ss:w/rd@db/crm?sslmode=require' },
    { clientUrl: 'postgresql://ann:***@db/crm?sslmode=require' },
  ],
  [{ clientUrl: 'postgresql://db/crm?password=a&b=c' }, { clientUrl: 'postgresql://db/crm?password=***&b=c' }],
  [
    { driverOptions: { ssl: { key: 'k', ca: 'c' }, authToken: 't' } },
    { driverOptions: { ssl: { key: '***', ca: 'c' }, authToken: '***' } },
  ],
  [{ list: [1, 2n, null, undefined] }, { list: [1, '2', null, undefined] }],
  [
    { call: () => 1, pattern: /a/, since: new Date(0) },
    { call: '[function call]', pattern: '/a/', since: '[Date]' },
  ],
])('%p', (value, expected) => {
  expect(withoutSecrets(value)).toEqual(expected);
});

test('a circle ends', () => {
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;
  expect(JSON.stringify(withoutSecrets(circle))).toContain('…');
});
