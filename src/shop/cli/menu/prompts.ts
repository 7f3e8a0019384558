/** Questions whose choices are read from regions. */
import { existsSync } from 'node:fs';
import { MeridianError } from '../../../index.ts';
import { ask, countOf, type Prompt, type Questions } from '../../../module.ts';
import { formatAmount } from '../../../types.ts';
import { catalog } from '../../catalog.ts';
import { MAX_PRODUCTS } from '../../limits.ts';
import { knownRegions, refuseRegionsOff } from '../../regions/databases.ts';
import { listStock } from '../../trading/list.ts';

/** @throws MeridianError `usage` where regions are switched off */
export function askRegion(questions: Questions, none: readonly string[] = []): Promise<string> {
  refuseRegionsOff();
  const all = none.map((name) => ({ value: '', name }));
  return questions.choose('Which region?', [...all, ...knownRegions().map((name) => ({ value: name, name }))]);
}

export const region: Prompt = async (questions) => ['--region', await askRegion(questions)];

export const regionOrAll: Prompt = async (questions) => {
  const name = await askRegion(questions, ['all of them']);
  return name === '' ? [] : ['--region', name];
};

export const product = ask('--product', 'Id of the product:');

/** Asks for a product from the region's stock, or any other by its id. */
export const productInStock: Prompt = async (questions, command, given) => {
  const id = await askStocked(questions, given);
  return id === undefined ? product(questions, command, given) : ['--product', id];
};

const quantity = ask('--quantity', 'How many of it?', { default: '1' });

/** @param receive the command with separate arguments for product and quantity */
export const items: Prompt = async (questions, command, given) => {
  const receive = command.parent?.parent?.commands
    .find((one) => one.name() === 'stock')
    ?.commands.find((one) => one.name() === 'receive');
  const found: string[] = [];
  do {
    const [, id] = await productInStock(questions, receive ?? command, given);
    const [, pieces] = await quantity(questions, receive ?? command, given);
    found.push('--item', `${id}x${pieces}`);
  } while (found.length < 2 * MAX_PRODUCTS && (await questions.confirm('Another product?', false)));
  return found;
};

/** @returns `undefined` if the region has no stock, its database cannot be read, or another product was selected */
async function askStocked(questions: Questions, given: readonly string[]): Promise<string | undefined> {
  const name = given[given.indexOf('--region') + 1] ?? '';
  // the command reports the error of the database
  const stock = await listStock(name).catch(() => []);
  if (stock.length === 0) {
    return undefined;
  }
  const choices = stock.map((one) => ({
    value: String(one.productId) as string | undefined,
    name: `${one.productId}: ${one.name ?? 'no name yet'}, ${countOf(one.onHand, 'piece')} at ${formatAmount(one.unitPrice)}`,
  }));
  return questions.choose('Which product?', [...choices, { value: undefined, name: 'Another one, by its id' }]);
}

/** Asks for files, at least for one database. */
export const files: Prompt = async (questions, command, given) => {
  for (;;) {
    const found: string[] = [];
    for (const { name } of catalog) {
      const file = ask(`--${name}`, `File of ${name} (empty: none):`, { check: refuseMissing });
      found.push(...(await file(questions, command, given)));
    }
    if (found.length > 0) {
      return found;
    }
    questions.say('Name one file at least. Esc goes back.');
  }
};

function refuseMissing(file: string): void {
  if (!existsSync(file)) {
    throw new MeridianError('usage', `There is no file ${file}.`);
  }
}
