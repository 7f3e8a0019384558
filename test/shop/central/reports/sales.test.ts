/** Sales by region, product, day and country. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toCents } from '../../../../src/shared/money/amount.ts';
import { OrderFact } from '../../../../src/shop/central/facts/order-fact.entity.ts';
import { periodOf } from '../../../../src/shop/central/reports/period.ts';
import { SALES_KEYS, type SalesKey, type SalesRow, salesReport } from '../../../../src/shop/central/reports/sales.ts';
import { ORDER_STATUSES } from '../../../../src/shop/orders/order.entity.ts';
import { addOrders, centralIn } from '../../../support/central.ts';
import { depth } from '../../../support/depth.ts';
import { forEachEngineThoroughly } from '../../../support/engines.ts';

const row = (key: SalesRow['key'], orders: number, units: bigint, revenueCents: bigint): SalesRow => ({
  key,
  orders,
  units,
  revenueCents,
});

const nothing = { rows: [], pendingOrders: 0, unpricedOrders: 0, undatedOrders: 0 };

forEachEngineThoroughly((makePlace) => {
  test('are added up by what is asked for, the greatest revenue first and days in their order', async () => {
    const central = await centralIn(await makePlace());
    await addOrders(central, [
      { region: 'boston', productId: 5, quantity: 1, unitPrice: '0.10', placedAt: '2010-12-02T00:00:00.000Z' },
      { region: 'denver', productId: 30, quantity: 3, unitPrice: '0.20', country: 'Norway' },
      { region: 'denver', productId: 5, quantity: 2, unitPrice: '0.05', country: 'Norway' },
    ]);
    const report = async (by: SalesKey) => (await salesReport(central, { by })).rows;
    expect(await report('region')).toEqual([row('denver', 2, 5n, 70n), row('boston', 1, 1n, 10n)]);
    expect(await report('product')).toEqual([row(30, 1, 3n, 60n), row(5, 2, 3n, 20n)]);
    expect(await report('day')).toEqual([row('2010-12-01', 2, 5n, 70n), row('2010-12-02', 1, 1n, 10n)]);
    expect(await report('country')).toEqual([row('Norway', 2, 5n, 70n), row('France', 1, 1n, 10n)]);
  });

  test('of equal revenue are in the order of their names, and what has none comes last', async () => {
    const central = await centralIn(await makePlace());
    await addOrders(central, [
      { country: null, productId: 10, placedAt: null },
      { country: 'Ålandia', productId: 9 },
      { country: 'Zambia', productId: 100 },
      { country: 'austria', productId: 1 },
      { country: 'Austria', productId: 2 },
    ]);
    const keys = async (by: 'country' | 'product' | 'day') =>
      (await salesReport(central, { by })).rows.map(({ key }) => key);
    expect(await keys('country')).toEqual(['Austria', 'Zambia', 'austria', 'Ålandia', null]);
    expect(await keys('product')).toEqual([1, 2, 9, 10, 100]);
    expect(await keys('day')).toEqual(['2010-12-01', null]);
  });

  test('are what is confirmed; what is pending and what has no price is reported', async () => {
    const central = await centralIn(await makePlace());
    await addOrders(central, [
      {},
      { status: 'pending' },
      { status: 'pending', country: 'Norway' },
      { status: 'cancelled' },
      { unitPrice: null },
      { unitPrice: '0.00' },
      { unitPrice: null, country: 'Spain', quantity: 9 },
    ]);
    expect(await salesReport(central, { by: 'country' })).toEqual({
      rows: [row('France', 3, 6n, 300n), row('Spain', 1, 9n, 0n)],
      pendingOrders: 2,
      unpricedOrders: 2,
      undatedOrders: 0,
    });
  });

  test('of a period have both its ends in them; orders without a time are left out and reported', async () => {
    const central = await centralIn(await makePlace());
    await addOrders(central, [
      { placedAt: '2010-11-30T23:59:59.999Z', quantity: 1 },
      { placedAt: '2010-12-01T00:00:00.000Z', quantity: 10 },
      { placedAt: '2010-12-02T23:59:59.999Z', quantity: 100 },
      { placedAt: '2010-12-03T00:00:00.000Z', quantity: 1000 },
      { placedAt: '2010-12-01T12:00:00.000Z', status: 'pending' },
      { placedAt: '2010-12-05T12:00:00.000Z', status: 'pending' },
      { placedAt: null },
      { placedAt: null, status: 'cancelled' },
      { placedAt: null, region: 'denver' },
    ]);
    const report = (from?: string, to?: string, region?: string) =>
      salesReport(central, {
        by: 'country',
        ...periodOf({ ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }),
        ...(region === undefined ? {} : { region }),
      });
    const units = async (from?: string, to?: string) => (await report(from, to)).rows[0]?.units;
    expect(await report('2010-12-01', '2010-12-02')).toEqual({
      rows: [row('France', 2, 110n, 16_500n)],
      pendingOrders: 1,
      unpricedOrders: 0,
      undatedOrders: 2,
    });
    expect(await units('2010-12-02')).toBe(1100n);
    expect(await units(undefined, '2010-11-30')).toBe(1n);
    expect(await units('2010-12-03T00:00:00Z', '2010-12-03T00:00:00Z')).toBe(1000n);
    expect(await units('2010-12-03T01:00:00.001+01:00')).toBeUndefined();
    expect((await report('2010-12-01', undefined, 'boston')).undatedOrders).toBe(1);
    expect((await report()).undatedOrders).toBe(0);
  });

  test('of one region leave the others out', async () => {
    const central = await centralIn(await makePlace());
    await addOrders(central, [{}, { region: 'denver' }, { region: 'denver', status: 'pending' }]);
    expect(await salesReport(central, { by: 'country', region: 'boston' })).toEqual({
      ...nothing,
      rows: [row('France', 1, 2n, 300n)],
    });
    expect(await salesReport(central, { by: 'country', region: "x' or 1 = 1" })).toEqual(nothing);
  });

  test('of nothing are nothing', async () => {
    const central = await centralIn(await makePlace());
    for (const by of SALES_KEYS) {
      expect(await salesReport(central, { by })).toEqual(nothing);
    }
  });

  test('are exact beyond 2^53 cents, and beyond 2^63', async () => {
    const central = await centralIn(await makePlace());
    const greatest = { quantity: 1_000_000_000, unitPrice: '9999999999.99' };
    await addOrders(central, [
      { country: 'beyond 2^53', quantity: 900_719_926, unitPrice: '100000.01' },
      { country: 'beyond 2^53', quantity: 1, unitPrice: '0.01' },
      { country: 'one beyond 2^63', ...greatest },
      { country: 'sum beyond 2^63', ...greatest },
      { country: 'sum beyond 2^63', ...greatest },
      { country: 'sum beyond 2^63', quantity: 1, unitPrice: '0.01' },
    ]);
    expect((await salesReport(central, { by: 'country' })).rows).toEqual([
      row('sum beyond 2^63', 3, 2_000_000_001n, 1_999_999_999_998_000_000_001n),
      row('one beyond 2^63', 1, 1_000_000_000n, 999_999_999_999_000_000_000n),
      row('beyond 2^53', 2, 900_719_927n, 900_719_926n * 10_000_001n + 1n),
    ]);
  });

  test('are the sums that a model makes one order after the other', async () => {
    const central = await centralIn(await makePlace());
    const fact = fc.record({
      region: fc.constantFrom('boston', 'denver'),
      productId: fc.integer({ min: 1, max: 3 }),
      quantity: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 999_999_990, max: 1_000_000_000 })),
      unitPrice: fc.constantFrom(null, '0.00', '0.01', '9.99', '10.00', '999999.99', '1000000.01', '9999999999.99'),
      placedAt: fc.constantFrom(
        null,
        '2010-12-01T00:00:00.000Z',
        '2010-12-01T23:59:59.999Z',
        '2010-12-02T00:00:00.000Z',
        '2011-01-01T00:00:00.000Z',
      ),
      country: fc.constantFrom(null, '', 'France', 'Norway', "Côte d'Ivoire"),
      status: fc.constantFrom(...ORDER_STATUSES),
    });
    const day = fc.constantFrom('2010-12-01', '2010-12-02', '2011-01-01');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fact, { maxLength: 30 }),
        fc.constantFrom(...SALES_KEYS),
        fc.option(day, { nil: undefined }),
        fc.option(fc.constantFrom('boston', 'denver', 'seattle'), { nil: undefined }),
        async (facts, by, since, region) => {
          await central.fork().nativeDelete(OrderFact, {});
          await addOrders(central, facts);
          const limits = {
            ...(since === undefined ? {} : { from: `${since}T00:00:00.000Z` }),
            ...(region === undefined ? {} : { region }),
          };
          const report = await salesReport(central, { by, ...limits });
          expect(report).toEqual(modelOf(facts as OrderFact[], by, limits));
        },
      ),
      { numRuns: depth(20, 100) },
    );
  });
});

function modelOf(
  facts: readonly OrderFact[],
  by: SalesKey,
  { from, region }: { readonly from?: string; readonly region?: string },
) {
  const keys: Record<SalesKey, (fact: OrderFact) => SalesRow['key']> = {
    region: (fact: OrderFact) => fact.region,
    product: (fact: OrderFact) => fact.productId,
    day: (fact: OrderFact) => fact.placedAt?.slice(0, 10) ?? null,
    country: (fact: OrderFact) => fact.country,
  };
  const ofRegion = facts.filter((fact) => region === undefined || fact.region === region);
  const inPeriod = ofRegion.filter(({ placedAt }) => from === undefined || (placedAt !== null && placedAt >= from));
  const sold = inPeriod.filter(({ status }) => status === 'confirmed');
  const rows = [...new Set(sold.map(keys[by]))].map((key) => {
    const own = sold.filter((fact) => keys[by](fact) === key);
    const revenues = own.map(({ quantity, unitPrice }) => BigInt(quantity) * (toCents(unitPrice ?? '0') ?? 0n));
    return row(
      key,
      own.length,
      own.reduce((sum, { quantity }) => sum + BigInt(quantity), 0n),
      revenues.reduce((sum, revenue) => sum + revenue, 0n),
    );
  });
  const rank = ({ key }: SalesRow) => (key === null ? '\uffff' : String(key));
  rows.sort(
    (one, other) =>
      (by === 'day'
        ? 0
        : Number(other.revenueCents > one.revenueCents) - Number(other.revenueCents < one.revenueCents)) ||
      (rank(one) < rank(other) ? -1 : 1),
  );
  return {
    rows,
    pendingOrders: inPeriod.filter(({ status }) => status === 'pending').length,
    unpricedOrders: sold.filter(({ unitPrice }) => unitPrice === null).length,
    undatedOrders:
      from === undefined
        ? 0
        : ofRegion.filter(({ status, placedAt }) => status === 'confirmed' && placedAt === null).length,
  };
}
