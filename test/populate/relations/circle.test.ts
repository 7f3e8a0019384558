/** Tables that refer to each other, and the order in which they are loaded. */
import { expect, test } from '@jest/globals';
import { EntitySchema } from '@mikro-orm/core';
import type { DatabaseDeclaration } from '../../../src/database/declaration.ts';
import { countsOf } from '../../support/databases.ts';
import { forEachEngineThoroughly } from '../../support/engines.ts';
import { ownDatabase } from '../../support/own-database.ts';

const KEY = { type: 'integer', primary: true, autoincrement: false };

const schema = (name: string, properties: object) =>
  new EntitySchema<object>({ name, properties: { id: KEY, ...properties } as never });

const Team: EntitySchema = schema('Team', { lead: { kind: 'm:1', entity: () => Person, nullable: true } });
const Person: EntitySchema = schema('Person', { team: { kind: 'm:1', entity: () => Team } });

const staff: DatabaseDeclaration = {
  name: 'staff',
  entities: [
    { name: 'person', entity: Person },
    { name: 'team', entity: Team },
  ],
};

forEachEngineThoroughly((makePlace) => {
  test.each([1, 1000])('a relation that can be null is completed at the end (batches of %d)', async (batchRecords) => {
    const { load, place } = await ownDatabase(await makePlace(), staff);
    const records = {
      person: [
        { id: 1, team: 10 },
        { id: 2, team: 10 },
        { id: 3, team: 11 },
        { id: 4, team: 12 },
      ],
      team: [
        { id: 10, lead: 2 },
        { id: 11, lead: 9 },
        { id: 12, lead: 3 },
        { id: 13, lead: null },
      ],
    };
    const report = await load(records, { batchRecords });
    const messages = (table: string) =>
      report.databases[`staff.${table}`]?.details?.map(({ outcome, errors }) => [
        outcome,
        ...errors.map(({ message }) => message),
      ]);
    expect(messages('team')).toEqual([
      ['inserted'],
      ['rejected', 'Person 9 does not exist'],
      ['rejected', 'Person 3 does not exist'],
      ['inserted'],
    ]);
    expect(messages('person')).toEqual([
      ['inserted'],
      ['inserted'],
      ['rejected', 'Team 11 does not exist'],
      ['rejected', 'Team 12 does not exist'],
    ]);
    expect(await place.rowsOf('team', 'staff')).toEqual([
      { id: 10, lead_id: 2 },
      { id: 13, lead_id: null },
    ]);
    expect(countsOf(await load(records, { batchRecords }))).toEqual({
      'staff.person': { read: 4, inserted: 0, updated: 0, unchanged: 2, rejected: 2 },
      'staff.team': { read: 4, inserted: 0, updated: 0, unchanged: 2, rejected: 2 },
    });
  });
});
