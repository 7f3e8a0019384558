/** Reports from central. */
import type { Action } from '../../../cli/menu/action.ts';
import type { Questions } from '../../../cli/menu/questions.ts';
import { SALES_KEYS } from '../../central/reports/sales.ts';

export const sales: Action = {
  name: 'Sales',
  description: 'Confirmed orders, their units and revenue.',
  command: 'report sales',
  async ask(questions) {
    const by = await questions.choose(
      'Added up by what?',
      SALES_KEYS.map((value) => ({ value, name: value })),
    );
    return ['--by', by, ...(await form(questions))];
  },
};

export const products: Action = {
  name: 'Products',
  description: 'What each has sold, and what is left of it over all regions.',
  command: 'report products',
  ask: form,
};

export const stock: Action = {
  name: 'Stock',
  description: 'What each region has of each product, and what it is worth.',
  command: 'report stock',
  ask: form,
};

export const lag: Action = {
  name: 'Lag',
  description: 'How far central has got with each region.',
  command: 'report lag',
  ask: form,
};

async function form(questions: Questions): Promise<string[]> {
  const chosen = await questions.choose('How?', [
    { value: 'table', name: 'as a table' },
    { value: 'chart', name: 'as bars' },
    { value: 'csv', name: 'as CSV' },
    { value: 'json', name: 'as JSON' },
  ]);
  return chosen === 'table' ? [] : [`--${chosen}`];
}
