/** All regions and central hold the same rows, and the report adds up. */
import { fromCents, toCents } from '../../../shared/money/amount.ts';
import { salesReport } from '../../central/reports/sales.ts';
import { formatCents } from '../../cli/report.columns.ts';
import { listOrders } from '../../trading/list.ts';
import { type Chapter, claim } from '../chapter.ts';
import { REGIONS } from '../world.ts';

export const agreement: Chapter = {
  title: 'All agree, and the report adds up',
  shows: 'convergence',
  async play(world) {
    await world.sync();
    let rows = 0;
    let cents = 0n;
    for (const name of REGIONS) {
      const { differences, leftOut, tables } = await world.compare(name);
      claim(differences === 0 && leftOut === 0, `central has what ${name} has, and nothing is in transit`);
      claim(
        tables.every(({ region, central }) => region.hash === central.hash && region.rows > 0),
        `the digests of ${name} and central are the same`,
      );
      rows += tables.reduce((sum, { region }) => sum + region.rows, 0);
      cents += await soldIn(name);
    }
    const { rows: sales } = await salesReport(await world.central(), { by: 'region' });
    const revenueCents = sales.reduce((sum, row) => sum + row.revenueCents, 0n);
    claim(revenueCents === cents, 'the revenue in the report is what the regions have sold');
    return {
      sentences: [
        `${rows} rows were compared, column by column: central equals ${REGIONS.join(', ')}.`,
        `Sales: ${sales.map(({ key, orders, revenueCents: sum }) => `${key} ${formatCents(sum)} in ${orders} orders`).join(', ')}; ${formatCents(revenueCents)} in total, exactly the sum of the regions' own orders.`,
      ],
      commands: ['npx meridian compare', 'npx meridian report sales', 'npx meridian report sales --by country --chart'],
      result: {
        rows,
        sales: sales.map(({ key, orders, revenueCents: sum }) => ({ region: key, orders, revenue: fromCents(sum) })),
        revenue: fromCents(revenueCents),
      },
    };

    /** By the orders of the region itself. */
    async function soldIn(name: (typeof REGIONS)[number]): Promise<bigint> {
      const { databaseOptions, region } = world;
      const options = databaseOptions(region(name).database.name);
      const orders = await listOrders(name, { status: 'confirmed', limit: Number.MAX_SAFE_INTEGER }, options);
      return orders.reduce((sum, { unitPrice, quantity }) => {
        return sum + (toCents(unitPrice ?? '0') ?? 0n) * BigInt(quantity);
      }, 0n);
    }
  },
};
