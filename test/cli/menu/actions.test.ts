/** What is answered in the menu becomes the arguments of a command that the program has. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { argumentsOf } from '../../../src/cli/menu/action.ts';
import { buildProgram } from '../../../src/cli/program.ts';
import type { Action } from '../../../src/config/menu-entry.ts';
import { allActions } from '../../../src/shop/cli/menu/entries.ts';
import { receiveStock } from '../../../src/shop/trading/receive-stock.ts';
import { openRegion } from '../../../src/shop/trading/region.ts';
import { makeFolder, writeIn } from '../../support/folder.ts';
import { parse } from '../../support/parse.ts';
import { project } from '../../support/project.ts';
import { scriptedQuestions } from '../../support/scripted-questions.ts';

const program = await buildProgram(project);
const before = process.cwd();

beforeEach(() => {
  const folder = makeFolder();
  mkdirSync(join(folder, 'databases'));
  writeIn(folder, 'users.csv', 'id,name,email\n');
  process.chdir(folder);
});

afterEach(() => {
  process.chdir(before);
});

/** Name in the menu, answers, the arguments that come of them, and what was refused on the way. */
const CASES: readonly [string, readonly (string | boolean)[], string, (readonly string[])?][] = [
  ['Load the built-in sample', [], 'populate'],
  [
    'Load generated data',
    ['1e3', '50', '2', ''],
    'populate --generate 50 --invalid 0.05',
    ['1e3: 1e3: give a whole number from 1 to 2,147,483,647.', '2: 2: give a share from 0 to 1, such as 0.05.'],
  ],
  [
    'Load files of your own',
    ['', '', '', 'user.csv', 'users.csv', '', ''],
    'populate --users users.csv',
    ['user.csv: There is no file user.csv.'],
  ],
  ['What was loaded when', [], 'runs'],
  ['Verify', [], 'verify'],
  [
    'Receive stock',
    ['seattle', '1x', '1', '0', '20', '9.999', '9.99'],
    'stock receive --region seattle --product 1 --quantity 20 --price 9.99',
    [
      '1x: It has to be a whole number from 1 to 9007199254740991.',
      '0: It has to be a whole number from 1 to 1,000,000,000.',
      '9.999: Unit price must be a decimal number with at most two decimals.',
    ],
  ],
  [
    'Place an order',
    ['boston', '', '7', '1000000001', '2', true, '8', '', false, 'x'.repeat(101), '', '[1]', ''],
    'order place --region boston --user 1 --item 7x2 --item 8x1',
    [
      '1000000001: It has to be a whole number from 1 to 1,000,000,000.',
      `${'x'.repeat(101)}: Country can have at most 100 characters.`,
      '[1]: The details are not valid: they have to be one JSON object, such as {"gift": {"wrap": true}}.',
    ],
  ],
  ['Sync', [], 'sync'],
  ['Sales', ['country', 'as bars'], 'report sales --by country --chart'],
  ['Products', ['as a table'], 'report products'],
  ['Stock', ['as CSV'], 'report stock --csv'],
  ['Lag', ['as JSON'], 'report lag --json'],
  ['What each region holds', [], 'regions'],
  ['Compare', ['all of them'], 'compare'],
  ['Compare', ['denver'], 'compare --region denver'],
  ['Stock of all regions', [], 'stock list'],
  ['Orders of a region', ['denver', 'pending'], 'order list --region denver --status pending'],
  ['Orders of a region', ['denver', 'all'], 'order list --region denver'],
  ['Cancel an order', ['denver', '3'], 'order cancel --region denver --order 3'],
  ['Pause the relay of a region', ['denver'], 'relay pause --region denver'],
  ['Resume the relay of a region', ['denver'], 'relay resume --region denver'],
  ['Dead letters', [], 'dead-letters list'],
  [
    'Add a region',
    ['New York', 'new-york'],
    'regions add new-york',
    [
      'New York: A region cannot be called "New York". The name of a region has up to 40 lower case letters, digits and single hyphens, such as new-york.',
    ],
  ],
  [
    'Set what a product consists of',
    ['5', '12', '12x4', true, '13x1', false],
    'components set --product 5 --component 12x4 --component 13x1',
    [expect.stringContaining('12: Write the id of a product, x, and how many of it')],
  ] as never,
  ['All that a product consists of', ['5'], 'components tree --product 5'],
  ['Where a product is used', ['12'], 'components where-used --product 12'],
  [
    'Documents',
    ['boston', '1', 'gift', 'details.gift.wrap=true'],
    'documents find --region boston --user 1 --where details.gift.wrap=true',
    [expect.stringContaining('gift: "gift" begins with "gift", which no document has.') as unknown as string],
  ],
  ['Documents', ['all of them', '', ''], 'documents find'],
  ['Play the demo', [], 'demo'],
];

function actionCalled(name: string) {
  const action = allActions().find((one) => one.name === name);
  if (action === undefined) {
    throw new Error(`The menu has no ${name}`);
  }
  return action;
}

test.each(CASES)('%s, %j: %s', async (name, answers, expected, refused = []) => {
  const questions = scriptedQuestions(...answers);
  expect((await argumentsOf(actionCalled(name), questions, program)).join(' ')).toBe(expected);
  expect(questions.refused).toEqual(refused);
  expect(questions.left).toEqual([]);
});

test('every action is tried above', () => {
  expect(new Set(CASES.map(([name]) => name))).toEqual(new Set(allActions().map(({ name }) => name)));
});

const LINES = [...new Set(CASES.map(([, , line]) => line))];

/** The one whose command has the most words, for there is `regions` and `regions add`. */
function actionOf(line: string) {
  const [action] = allActions()
    .filter(({ command }) => `${line} `.startsWith(`${command} `))
    .sort((a, b) => b.command.length - a.command.length);
  return action as Action;
}

test.each(LINES)('the program takes %s', async (line) => {
  const { command } = actionOf(line);
  expect(await parse(line.split(' '))).toBe(command);
});

test('what a region has in stock can be chosen, and anything else by its id', async () => {
  const region = await openRegion('boston');
  await receiveStock(region, { productId: 3, quantity: 5, price: '2.50' });
  await region.close();
  const stocked = scriptedQuestions(
    'boston',
    '1',
    '3: no name yet, 5 pieces at 2.50',
    '2',
    true,
    'Another one, by its id',
    '9',
    '',
    false,
    'Côte d’Ivoire',
    '{"gift":true}',
  );
  expect(await argumentsOf(actionCalled('Place an order'), stocked, program)).toEqual([
    ...['order', 'place', '--region', 'boston', '--user', '1', '--item', '3x2', '--item', '9x1'],
    ...['--country', 'Côte d’Ivoire', '--details', '{"gift":true}'],
  ]);
});
