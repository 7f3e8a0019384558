/** What the migrations for restored databases make of rows from before them. */
import { expect, test } from '@jest/globals';
import type { DatabaseDeclaration } from '../../src/database/declaration.ts';
import { migrateDown, migrateUp } from '../../src/database/migrate.ts';
import { documents } from '../../src/shop/catalog.ts';
import { regionDatabase } from '../../src/shop/regions/databases.ts';
import { forEachEngineThoroughly } from '../support/engines.ts';
import { openIn, regionalPlace } from '../support/regional.ts';

forEachEngineThoroughly((_, engine) => {
  /** @param statements what there is before the migration before the newest, which makes the columns */
  async function migrated(declaration: DatabaseDeclaration, statements: readonly string[]) {
    const place = await regionalPlace(engine, 'empty');
    const database = await openIn(place, declaration);
    await migrateDown(database);
    await migrateDown(database);
    for (const statement of statements) {
      await place.execute(declaration.name, statement);
    }
    await migrateUp(database);
    return (query: string) => place.execute(declaration.name, query);
  }

  test('documents that are there already say in which epoch the store is with each region', async () => {
    const document = (region: string, orderId: number, epoch: number) =>
      `insert into order_documents (region, order_id, epoch, version, user_id, placed_at, document)
       values ('${region}', ${orderId}, ${epoch}, 1, 1, '2026-11-21T12:00:00.000Z', '{}')`;
    const select = await migrated(documents, [
      document('boston', 1, 2),
      document('boston', 2, 3),
      document('oslo', 1, 1),
    ]);
    expect(await select('select region, epoch, seq, event_id from document_watermarks order by region')).toEqual([
      { region: 'boston', epoch: 3, seq: 0, event_id: null },
      { region: 'oslo', epoch: 1, seq: 0, event_id: null },
    ]);
  });

  const UNKNOWN_BASE = '{"epoch":3,"seq":0,"headSeq":0}';
  const completed = (epoch: number, place: string) =>
    `insert into outbox_event (event_id, epoch, seq, type, schema_version, aggregate, aggregate_id, aggregate_version, payload, occurred_at)
     values ('a', ${place}, 'snapshot-completed', 1, 'region', ${epoch}, 1, '{"epoch":${epoch}}', '2026-11-21T12:00:00.000Z')`;

  test.each<[string, readonly string[], string | null]>([
    ['the first epoch', [], null],
    ['a later epoch of which nothing is known', ['update relay_state set epoch = 3'], UNKNOWN_BASE],
    [
      'an epoch that is repeating everything',
      ['update relay_state set epoch = 3, snapshot = \'{"epoch":3,"table":"stock","after":0}\''],
      null,
    ],
    [
      'an epoch after one that is repeating everything',
      ['update relay_state set epoch = 3, snapshot = \'{"epoch":2,"table":"stock","after":0}\''],
      UNKNOWN_BASE,
    ],
    ['an epoch that has repeated everything', ['update relay_state set epoch = 3', completed(3, '3, 9')], null],
    [
      'an epoch that has repeated everything and not published all',
      ['update relay_state set epoch = 3', completed(3, 'null, null')],
      null,
    ],
    [
      'an epoch after one that has repeated everything',
      ['update relay_state set epoch = 3', completed(2, '2, 9')],
      UNKNOWN_BASE,
    ],
  ])('%s', async (_name, statements, base) => {
    const select = await migrated(regionDatabase('boston'), statements);
    expect(await select('select base from relay_state')).toEqual([{ base }]);
  });
});
