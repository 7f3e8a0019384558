/** Stock by region and product. */
import { expect, test } from '@jest/globals';
import { stockReport } from '../../../../src/shop/central/reports/stock.ts';
import { addStock, centralIn } from '../../../support/central.ts';
import { forEachEngineThoroughly } from '../../../support/engines.ts';

forEachEngineThoroughly((makePlace) => {
  test('by region and product, at an exact value', async () => {
    const central = await centralIn(await makePlace());
    const onHand = Number.MAX_SAFE_INTEGER;
    await addStock(central, [
      { region: 'denver', productId: 10, onHand, unitPrice: '9999999999.99' },
      { region: 'denver', productId: 9, onHand: 0, name: null },
      { region: 'boston', productId: 11, onHand: 3, unitPrice: '0.10' },
    ]);
    expect(await stockReport(central)).toEqual([
      { region: 'boston', product: 11, name: 'Mug', onHand: 3, unitPriceCents: 10n, valueCents: 30n },
      { region: 'denver', product: 9, name: null, onHand: 0, unitPriceCents: 150n, valueCents: 0n },
      {
        region: 'denver',
        product: 10,
        name: 'Mug',
        onHand,
        unitPriceCents: 999_999_999_999n,
        valueCents: BigInt(onHand) * 999_999_999_999n,
      },
    ]);
  });

  test('none', async () => {
    expect(await stockReport(await centralIn(await makePlace()))).toEqual([]);
  });
});
