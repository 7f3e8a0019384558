/** Classes in one table: a copy takes the table once and whole, an export of a class takes the rows of this class. */
import { expect, test } from '@jest/globals';
import { Database } from '../../src/database/database.ts';
import { tablesOf } from '../../src/database/table.ts';
import { pagesOf, type StoredTable, storedTable, storedTables } from '../../src/transfer/stored-tables.ts';
import { ward } from '../support/devices.ts';
import { forEachEngineThoroughly } from '../support/engines.ts';
import { ownDatabase } from '../support/own-database.ts';

forEachEngineThoroughly((makePlace) => {
  test('the table of an abstract class, and the rows of its subclasses', async () => {
    const { declaration, options, load } = await ownDatabase(await makePlace(), ward);
    await load({
      pump: [
        { id: 1, flow: 3 },
        { id: 2, kind: 'infusion-pump', flow: 4 },
      ],
      monitor: [{ id: 3, channels: 2 }],
    });
    const database = await Database.open(declaration, options);
    const read = async (table: StoredTable) => {
      const found: unknown[] = [];
      for await (const { rows } of pagesOf(database.fork(), database, table, { pageRows: 1 })) {
        found.push(...rows);
      }
      return found;
    };
    try {
      const whole = storedTables(database).filter(({ name }) => name === 'devices');
      expect(await Promise.all(whole.map(read))).toEqual([
        [
          { id: 1, kind: 'pump', serial: null, flow: 3, channels: null },
          { id: 2, kind: 'infusion-pump', serial: null, flow: 4, channels: null },
          { id: 3, kind: 'monitor', serial: null, flow: null, channels: 2 },
        ],
      ]);
      const byClass = tablesOf(database).map(({ metadata }) => storedTable(database, metadata));
      expect(await Promise.all(byClass.map(read))).toEqual([
        [
          { id: 1, kind: 'pump', serial: null, flow: 3 },
          { id: 2, kind: 'infusion-pump', serial: null, flow: 4 },
        ],
        [{ id: 3, kind: 'monitor', serial: null, channels: 2 }],
        [],
      ]);
    } finally {
      await database.close();
    }
  });
});
