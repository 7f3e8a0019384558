/** The menu in a real terminal: what it shows, what the keys do, and how it is left. */
import process from 'node:process';
import { expect, test } from '@jest/globals';
import { thoroughTest } from '../../support/depth.ts';
import { KEYS, type Terminal, terminal } from '../../support/pseudo-terminal.ts';
import { workspace } from '../../support/workspace.ts';

// written like this, for a linter takes a control character in an expression for a mistake
const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`);

const CURSOR = { hide: '\x1b[?25l', show: '\x1b[?25h' };

/** A list goes to the entry that begins with what is typed. */
async function chooseIn(shown: Terminal, question: string, name: string): Promise<void> {
  await shown.shows(`? ${question}`);
  const list = await shown.shows(/❯ (.|\n)*select/);
  if (!list.startsWith(`❯ ${name}\n`)) {
    shown.type(name);
    await shown.shows(`❯ ${name}`);
  }
  shown.type(KEYS.enter);
}

function expectTidy({ raw, text }: Terminal): void {
  expect(raw.lastIndexOf(CURSOR.show)).toBeGreaterThan(raw.lastIndexOf(CURSOR.hide));
  expect(text).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
  expect(text).not.toContain('Warning');
}

test('an action shows its command and its outcome; a failure is reported, and the menu continues; Exit leaves', async () => {
  const { cwd, run } = workspace();
  const shown = terminal([], { cwd });
  await shown.shows('Arrow keys and Enter choose, Esc goes back, Ctrl-C leaves.');
  await chooseIn(shown, 'What now?', 'Receive stock');
  await chooseIn(shown, 'Which region?', 'seattle');
  await shown.answer('? Id of the product:', `0${KEYS.enter}`);
  await shown.answer('It has to be a whole number from 1', `\x7f1${KEYS.enter}`);
  await shown.answer('? How many pieces?', `20${KEYS.enter}`);
  await shown.answer('? Price of a piece', `9.99${KEYS.enter}`);
  await shown.shows('\nnpx meridian stock receive --region seattle --product 1 --quantity 20 --price 9.99\n');
  await shown.shows('Received 20 pieces of product 1 in seattle: 20 pieces on hand at 9.99.');

  await chooseIn(shown, 'What now?', 'Place an order');
  await chooseIn(shown, 'Which region?', 'seattle');
  await shown.answer('? Id of the user: (1)', KEYS.enter);
  await shown.answer('❯ 1: no name yet, 20 pieces at 9.99', KEYS.enter);
  await shown.answer('? How many of it?', `21${KEYS.enter}`);
  await shown.answer('? Another product?', KEYS.enter);
  await shown.answer('? Country', `Côte d'Ivoire${KEYS.enter}`);
  await shown.answer('? Details', KEYS.enter);
  await shown.shows(`npx meridian order place --region seattle --user 1 --item 1x21 --country 'Côte d'\\''Ivoire'\n`);
  await shown.shows('Rejected, and nothing was taken: seattle has 20 of product 1 on hand, and 21 are wanted.');
  await shown.shows('(exit code 1)');

  await chooseIn(shown, 'What now?', 'Exit');
  expect(await shown.ended()).toMatchObject({ exitCode: 0 });
  expectTidy(shown);
  const { stdout } = await run(['stock', 'list', '--json']);
  expect(JSON.parse(stdout)).toMatchObject([{ region: 'seattle', productId: 1, onHand: 20 }]);
});

thoroughTest('Esc goes back from a question and from a list, and runs nothing', async () => {
  const { cwd } = workspace();
  const shown = terminal([], { cwd });
  await chooseIn(shown, 'What now?', 'Receive stock');
  await chooseIn(shown, 'Which region?', 'boston');
  await shown.answer('? Id of the product:', KEYS.escape);
  await chooseIn(shown, 'What now?', 'Regions');
  await chooseIn(shown, 'Regions:', 'Add a region');
  await shown.answer('? Name of the new region:', KEYS.escape);
  await shown.answer('? Regions:', KEYS.escape);
  await shown.answer('? What now?', KEYS.end);
  expect(await shown.ended()).toMatchObject({ exitCode: 0 });
  expectTidy(shown);
  expect(shown.text).not.toContain('npx meridian');
});

thoroughTest('Ctrl-C leaves with 130 from a list, from a question, and from what is running', async () => {
  const { cwd } = workspace();
  const atList = terminal([], { cwd });
  await atList.answer('? What now?', KEYS.interrupt);
  expect(await atList.ended()).toMatchObject({ exitCode: 130 });
  expectTidy(atList);

  const atQuestion = terminal([], { cwd });
  await chooseIn(atQuestion, 'What now?', 'Receive stock');
  await chooseIn(atQuestion, 'Which region?', 'boston');
  await atQuestion.answer('? Id of the product:', KEYS.interrupt);
  expect(await atQuestion.ended()).toMatchObject({ exitCode: 130 });
  expectTidy(atQuestion);

  const atWork = terminal([], { cwd });
  await chooseIn(atWork, 'What now?', 'Populate');
  await chooseIn(atWork, 'Populate:', 'Load generated data');
  await atWork.answer('? How many records', `2000000000${KEYS.enter}`);
  await atWork.answer('? Which share', KEYS.enter);
  await atWork.answer(/users.*%/, KEYS.interrupt);
  await atWork.shows('Stopping after the current batch.');
  expect(await atWork.ended()).toMatchObject({ exitCode: 130 });
  expectTidy(atWork);
});

thoroughTest('what is typed while a command runs is neither shown nor taken for an answer', async () => {
  const { cwd } = workspace();
  const shown = terminal([], { cwd });
  await chooseIn(shown, 'What now?', 'Play the demo');
  await shown.answer('1. Users and products are loaded', `xyzzy${KEYS.enter}${KEYS.enter}${KEYS.end}`);
  await shown.answer('5. Central catches up', `${KEYS.down}${KEYS.enter}`);
  await shown.shows('Every statement was checked');
  await chooseIn(shown, 'What now?', 'Exit');
  expect(await shown.ended()).toMatchObject({ exitCode: 0 });
  expectTidy(shown);
  expect(shown.text.match(/^npx meridian .*$/gm)).toEqual(['npx meridian demo']);
  expect(shown.text).not.toContain('xyzzy');
  expect(shown.raw).not.toContain('^[[B');
});

thoroughTest('a signal from elsewhere ends it as tidily', async () => {
  const { cwd } = workspace();
  const shown = terminal([], { cwd });
  await shown.shows('? What now?');
  process.kill(shown.pid, 'SIGINT');
  expect(await shown.ended()).toMatchObject({ exitCode: 130 });
  expectTidy(shown);
  const terminated = terminal([], { cwd });
  await terminated.shows('? What now?');
  process.kill(terminated.pid, 'SIGTERM');
  expect(await terminated.ended()).toMatchObject({ exitCode: 143 });
  expectTidy(terminated);
});

thoroughTest(
  'an outage is simulated from beginning to end, with the command of each step, without colours where none are wanted',
  async () => {
    const { cwd, run } = workspace();
    const shown = terminal([], { cwd, env: { NO_COLOR: '1' } });
    await chooseIn(shown, 'What now?', 'Simulate an outage');
    await chooseIn(shown, 'Which region?', 'denver');
    await shown.shows('denver has less than 3 pieces of anything to sell. Receive stock there first.');
    await run(['stock', 'receive', '--region', 'denver', '--product', '4', '--quantity', '9', '--price', '2.50']);
    await chooseIn(shown, 'What now?', 'Simulate an outage');
    await chooseIn(shown, 'Which region?', 'denver');
    await shown.answer('? Id of the user', KEYS.enter);
    await shown.shows('npx meridian relay pause --region denver\n');
    for (const number of [1, 2, 3]) {
      await shown.shows(`order ${number} of 3.`);
      await shown.shows('npx meridian order place --region denver --user 1 --item 4x1\n');
      await shown.shows('Placed in denver');
    }
    await shown.shows('npx meridian sync\n');
    await shown.shows(/denver\s+│\s+0 │ .* paused/);
    await shown.shows('npx meridian regions\n');
    await shown.shows('npx meridian report sales\n');
    await shown.shows('npx meridian relay resume --region denver\n');
    await shown.shows('npx meridian sync\n');
    await shown.shows(/denver\s+│\s+[1-9]\d* │ .* up to date/);
    await shown.shows('npx meridian compare --region denver\n');
    await shown.shows(/denver: equal, up to event \d+ of epoch 1/);
    await chooseIn(shown, 'What now?', 'Exit');
    expect(await shown.ended()).toMatchObject({ exitCode: 0 });
    expect(shown.raw).not.toMatch(COLOUR);
    expectTidy(shown);
  },
);

thoroughTest(
  'no outage is simulated where the relay is paused already, or where the region cannot be looked into',
  async () => {
    const { cwd, run } = workspace();
    await run(['stock', 'receive', '--region', 'denver', '--product', '4', '--quantity', '9', '--price', '2.50']);
    await run(['relay', 'pause', '--region', 'denver']);
    const shown = terminal([], { cwd, env: { ORDERS_DATABASE_URL_BOSTON: 'postgresql://localhost:1/none' } });
    await chooseIn(shown, 'What now?', 'Simulate an outage');
    await chooseIn(shown, 'Which region?', 'denver');
    await shown.shows('The relay of denver is paused, and the simulation would end by resuming it. Resume it first.');
    await chooseIn(shown, 'What now?', 'Simulate an outage');
    await chooseIn(shown, 'Which region?', 'boston');
    await shown.shows(/Error: orders.boston: .*localhost:1/);
    await chooseIn(shown, 'What now?', 'Exit');
    expect(await shown.ended()).toMatchObject({ exitCode: 0 });
    expect(shown.text).not.toContain('npx meridian');
    expectTidy(shown);
    const { stdout } = await run(['regions', '--region', 'denver', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ denver: { relay: 'paused' } });
  },
);

thoroughTest('an error before a question is reported, and the menu continues', async () => {
  const { cwd } = workspace();
  const shown = terminal([], { cwd, env: { REGIONS: 'boston,New York' } });
  await chooseIn(shown, 'What now?', 'Receive stock');
  await shown.shows('Error: REGIONS names "New York".');
  await chooseIn(shown, 'What now?', 'Exit');
  expect(await shown.ended()).toMatchObject({ exitCode: 0 });
  expectTidy(shown);
});

thoroughTest('Ctrl-C in the middle of an outage leaves nothing paused', async () => {
  const { cwd, run } = workspace();
  await run(['stock', 'receive', '--region', 'denver', '--product', '4', '--quantity', '9', '--price', '2.50']);
  const shown = terminal([], { cwd });
  await chooseIn(shown, 'What now?', 'Simulate an outage');
  await chooseIn(shown, 'Which region?', 'denver');
  await shown.answer('? Id of the user', KEYS.enter);
  await shown.answer('denver: paused', KEYS.interrupt);
  await shown.shows('npx meridian relay resume --region denver\n');
  await shown.shows('The simulation ends before its end.');
  expect(await shown.ended()).toMatchObject({ exitCode: 130 });
  expectTidy(shown);
  const { stdout } = await run(['regions', '--region', 'denver', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ denver: { relay: 'idle' } });
});

test('without a terminal there is no menu, but help', async () => {
  const { run } = workspace();
  const { code, stdout, stderr } = await run([]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^Usage: meridian \[options\] \[command\]/);
});
