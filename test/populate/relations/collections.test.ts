/** Entities with a ManyToMany collection: its pivot table is loaded by nothing, and keeps no record from being reverted. */
import { expect, test } from '@jest/globals';
import { EntitySchema } from '@mikro-orm/core';
import { countsOf } from '../../support/databases.ts';
import { forEachEngineThoroughly } from '../../support/engines.ts';
import { ownDatabase } from '../../support/own-database.ts';

const KEY = { type: 'integer', primary: true, autoincrement: false };

const schema = (name: string, properties: object) =>
  new EntitySchema<object>({ name, properties: { id: KEY, ...properties } as never });

const Author: EntitySchema = schema('Author', {
  mentor: { kind: 'm:1', entity: () => Author, nullable: true },
  books: { kind: 'm:n', entity: () => Book, inversedBy: 'authors' },
  friends: { kind: 'm:n', entity: () => Author, fixedOrder: true },
});
const Book: EntitySchema = schema('Book', { authors: { kind: 'm:n', entity: () => Author, mappedBy: 'books' } });

forEachEngineThoroughly((makePlace) => {
  test('a record whose target does not exist is reverted', async () => {
    const { load, place } = await ownDatabase(await makePlace(), {
      name: 'library',
      entities: [
        { name: 'author', entity: Author },
        { name: 'book', entity: Book },
      ],
    });
    const author = [{ id: 1, mentor: 2 }, { id: 2, mentor: 9 }, { id: 3 }];
    const report = await load({ author, book: [{ id: 1 }] });
    expect(countsOf(report)['library.author']).toMatchObject({ read: 3, inserted: 1, rejected: 2 });
    expect(report.databases['library.author']?.failure).toBeUndefined();
    expect(await place.rowsOf('author', 'library')).toEqual([{ id: 3, mentor_id: null }]);
    expect(countsOf(await load({ author }))['library.author']).toMatchObject({ unchanged: 1, rejected: 2 });
  });
});
