/** When reports can be made of central, and when not. */
import { expect, test } from '@jest/globals';
import { Database } from '../../../../src/database/database.ts';
import { migrateDown } from '../../../../src/database/migrate.ts';
import { central as declaration } from '../../../../src/shop/catalog.ts';
import { checkRegion } from '../../../../src/shop/central/reports/known-region.ts';
import { openCentral } from '../../../../src/shop/central/reports/open.ts';
import { salesReport } from '../../../../src/shop/central/reports/sales.ts';
import { addCursors, addOrders, centralIn } from '../../../support/central.ts';
import { forEachEngine, sqlitePlace } from '../../../support/engines.ts';
import { digestsOf } from '../../../support/files.ts';
import { makeFolder } from '../../../support/folder.ts';

forEachEngine((makePlace) => {
  test('no database is created when there is no central database', async () => {
    const place = await makePlace();
    await expect(openCentral(place.options('central'))).rejects.toMatchObject({
      code: 'database',
      message: expect.stringMatching(
        /^central: .*, so there is nothing to report yet\. Fill it from the regions with npx meridian sync, /,
      ),
    });
    expect(digestsOf(place.folder)).toEqual({});
    const again = await Database.open(declaration, { ...place.options('central'), create: false });
    const { isMissing } = again;
    await again.close();
    expect(isMissing).toBe(true);
  });

  test('a central that lacks migrations is reported as such', async () => {
    const place = await makePlace();
    await migrateDown(await centralIn(place));
    await expect(openCentral(place.options('central'))).rejects.toMatchObject({
      code: 'migration',
      message: expect.stringMatching(
        /^central: a migration is pending \(Migration\d+\)\. Run npx meridian migrate first\./,
      ),
    });
  });

  test('a central that exists is read', async () => {
    const place = await makePlace();
    await addOrders(await centralIn(place), [{}]);
    const central = await openCentral(place.options('central'));
    try {
      expect((await salesReport(central, { by: 'region' })).rows).toHaveLength(1);
    } finally {
      await central.close();
    }
  });

  test('a region is known when the configuration names it, or central has events of it', async () => {
    const central = await centralIn(await makePlace());
    await addCursors(central, [{ region: 'united-kingdom' }]);
    await checkRegion(central, 'boston');
    await checkRegion(central, 'united-kingdom');
    await expect(checkRegion(central, 'bostn')).rejects.toMatchObject({
      code: 'usage',
      message:
        'There is no region "bostn". There are boston, seattle, denver, united-kingdom. A new one is made with npx meridian regions add bostn.',
    });
  });
});

test('a failing statement is reported as an error of the database', async () => {
  const place = sqlitePlace(makeFolder());
  const central = await centralIn(place);
  await place.execute('central', 'drop table order_fact');
  await expect(salesReport(central, { by: 'region' })).rejects.toThrow(/order_fact/);
});
