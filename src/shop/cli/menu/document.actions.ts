/** Documents of orders, and components of products. */
import { type Action, option } from '../../../cli/menu/action.ts';
import type { Questions } from '../../../cli/menu/questions.ts';
import { readItem } from '../item.argument.ts';
import { isCondition, isWholeNumber, orNothing, sentenceOf } from './checks.ts';
import { askRegionOrAll } from './known.ts';

export const findDocuments: Action = {
  name: 'Documents',
  description: 'Finds orders by region, by user, and by whatever their details say.',
  command: 'documents find',
  async ask(questions) {
    const region = await askRegionOrAll(questions);
    const user = await questions.text('Id of the user (empty: all):', { check: orNothing(isWholeNumber) });
    const where = await questions.text('Where, such as details.gift.wrap=true (empty: anywhere):', {
      check: orNothing(isCondition),
    });
    return [...option('--region', region), ...option('--user', user), ...option('--where', where)];
  },
};

export const setComponents: Action = {
  name: 'Set what a product consists of',
  description: 'In place of what was set before. A product that would contain itself is refused.',
  command: 'components set',
  async ask(questions) {
    const product = await askProduct(questions);
    const components: string[] = [];
    do {
      components.push(await questions.text('A component and how many of it, such as 12x4:', { check: isComponent }));
    } while (await questions.confirm('Another component?', false));
    return ['--product', product, ...components.flatMap((one) => ['--component', one])];
  },
};

export const showTree: Action = {
  name: 'All that a product consists of',
  description: 'With quantities multiplied down.',
  command: 'components tree',
  ask: async (questions) => ['--product', await askProduct(questions)],
};

export const whereUsed: Action = {
  name: 'Where a product is used',
  description: 'The products that it is a component of.',
  command: 'components where-used',
  ask: async (questions) => ['--product', await askProduct(questions)],
};

const isComponent = sentenceOf((text) => readItem(text));

function askProduct(questions: Questions): Promise<string> {
  return questions.text('Id of the product:', { check: isWholeNumber });
}
