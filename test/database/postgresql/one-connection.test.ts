/** The connection that the statements of a test share: pg warns of one that is sent while others wait. */
import process from 'node:process';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { describeWithPostgresql } from '../../support/engines.ts';
import { freshDatabase, query } from '../../support/postgresql/fresh.ts';

describeWithPostgresql('PostgreSQL', () => {
  test('databases that are made at once, and a statement that fails among others', async () => {
    const warnings: Error[] = [];
    const hear = (warning: Error) => warnings.push(warning);
    process.on('warning', hear);
    try {
      const [url = ''] = await Promise.all([freshDatabase(), freshDatabase(), freshDatabase()]);
      const settled = await Promise.allSettled(
        ['select 1 as a', 'select', 'nonsense', 'select 2 as a'].map((sql) => query(url, sql)),
      );
      expect(settled.map((one) => (one.status === 'fulfilled' ? one.value : 'failed'))).toEqual([
        [{ a: 1 }],
        [{}],
        'failed',
        [{ a: 2 }],
      ]);
      await nextTurn();
      expect(warnings).toEqual([]);
    } finally {
      process.off('warning', hear);
    }
  });
});
