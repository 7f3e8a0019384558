/** All regions and central have the same rows, and the report adds up. */
import { fromCents } from '../../../types.ts';
import { salesReport } from '../../central/reports/sales.ts';
import { formatCents } from '../../cli/report.columns.ts';
import { type Chapter, claim, claimEqual } from '../chapter.ts';
import { REGIONS } from '../world.ts';

export const agreement: Chapter = {
  title: 'All agree, and the report adds up',
  shows: 'convergence',
  commands: ['npx meridian compare', 'npx meridian report sales', 'npx meridian report sales --by country --chart'],
  async play(world) {
    await world.sync();
    let rows = 0;
    let soldCents = 0n;
    for (const name of REGIONS) {
      const { tables } = await claimEqual(world, name);
      for (const { aggregate, region, central } of tables) {
        claim(region.hash === central.hash && region.rows > 0, `the digests of ${name} and central are the same`);
        rows += region.rows;
        // all orders are confirmed by now
        soldCents += aggregate === 'order' ? region.valueCents : 0n;
      }
    }
    const { rows: sales } = await salesReport(await world.central(), { by: 'region' });
    const revenueCents = sales.reduce((sum, row) => sum + row.revenueCents, 0n);
    claim(revenueCents === soldCents, 'the revenue in the report is what the regions have sold');
    const inWords = sales.map((row) => `${row.key} ${formatCents(row.revenueCents)} in ${row.orders} orders`);
    return {
      sentences: [
        `${rows} rows were compared, column by column: central equals ${REGIONS.join(', ')}.`,
        `Sales: ${inWords.join(', ')}; ${formatCents(revenueCents)} in total, exactly the sum of the regions' own orders.`,
      ],
      result: {
        rows,
        sales: sales.map((row) => ({ region: row.key, orders: row.orders, revenue: fromCents(row.revenueCents) })),
        revenue: fromCents(revenueCents),
      },
    };
  },
};
