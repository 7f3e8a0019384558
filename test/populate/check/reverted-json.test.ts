/** JSON that a load changes and reverts. */
import { expect, test } from '@jest/globals';
import { defineEntity, type EntityName, p } from '@mikro-orm/core';
import { forEachEngineThoroughly } from '../../support/engines.ts';
import { ownEntity } from '../../support/own-entity.ts';
import { loaded, outcome } from '../entities/outcome.ts';

const Note = defineEntity({
  name: 'Note',
  tableName: 'notes',
  properties: {
    id: p.integer().primary().autoincrement(false),
    targetId: p.integer(),
    data: p.json(),
  },
}) as never as EntityName<object>;

forEachEngineThoroughly((makePlace) => {
  test.each(['1', 'NaN', 'true', 'two words', ''])('the text %j is a text again', async (text) => {
    const { place, load } = await ownEntity(await makePlace(), {
      name: 'notes',
      entity: Note,
      references: { targetId: { database: 'notes', entity: 'note' } },
    });
    const json = JSON.stringify(text);
    await load([{ id: 1, targetId: 1, data: [0] }]);
    await place.execute('notes', `update notes set data = '${json}'`);
    const report = await load([{ id: 1, targetId: 2, data: [1] }], { onConflict: 'update' });
    expect(outcome(report.databases['notes'])).toEqual(loaded(0, 0, 0, 'Note 2 does not exist'));
    expect(await place.execute('notes', 'select cast(data as text) as data from notes')).toEqual([{ data: json }]);
  });
});
