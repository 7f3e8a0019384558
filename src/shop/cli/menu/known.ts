/** What answers can be chosen from: regions that there are, and what they have in stock. */
import type { Choice, Questions } from '../../../cli/menu/questions.ts';
import { countOf } from '../../../cli/output/terminal.ts';
import { knownRegions, refuseRegionsOff } from '../../regions/databases.ts';
import { listStock } from '../../trading/list.ts';
import type { Stock } from '../../trading/stock.entity.ts';
import { isWholeNumber } from './checks.ts';

export function askRegion(questions: Questions): Promise<string> {
  return questions.choose('Which region?', regions());
}

/** @returns nothing when it is to be all of them */
export async function askRegionOrAll(questions: Questions): Promise<string> {
  return questions.choose('Which region?', [{ value: '', name: 'all of them' }, ...regions()]);
}

/** @throws MeridianError `usage` where regions are switched off */
function regions(): Choice<string>[] {
  refuseRegionsOff();
  return knownRegions().map((name) => ({ value: name, name }));
}

const ANOTHER = 0;

/** From what the region has in stock; any other by its id. @returns the id */
export async function askProduct(questions: Questions, region: string): Promise<string> {
  const stock = await stockOf(region);
  if (stock.length > 0) {
    const choices: Choice<number>[] = stock.map((one) => ({
      value: one.productId,
      name: `${one.productId}: ${one.name ?? 'no name yet'}, ${countOf(one.onHand, 'piece')} at ${one.unitPrice}`,
    }));
    const other = { value: ANOTHER, name: 'Another one, by its id' };
    const chosen = await questions.choose('Which product?', [...choices, other]);
    if (chosen !== ANOTHER) {
      return String(chosen);
    }
  }
  return questions.text('Id of the product:', { check: isWholeNumber });
}

/** None as well where the region cannot be looked into: the command will say why. */
async function stockOf(region: string): Promise<Stock[]> {
  return listStock(region).catch(() => []);
}
