/** `meridian dead-letters`: what it shows, and what it takes. */
import { expect, test } from '@jest/globals';
import { depth } from '../../support/depth.ts';
import { openRegion, writeOrders } from '../../support/regional.ts';
import { orderAt } from '../../support/shipped.ts';
import { workspace } from '../../support/workspace.ts';

test('a bad event is listed, shown, retried in vain, repaired and applied', async () => {
  const { run, place } = workspace();
  await writeOrders(await openRegion(place, 'boston'), { id: 1 }, { id: 2 });
  await place.execute('orders.boston', 'update outbox_event set schema_version = 2 where aggregate_id = 1');
  const sync = await run(['sync']);
  // it holds nothing up, and is missing in central
  expect(sync.code).toBe(1);
  expect(sync.stdout).toMatch(/boston │ +2 │ .* │ 1 dead-lettered │/);
  expect(sync.stderr).toMatch(
    /^boston: event 1 of epoch 1 \(order 1 placed\): schema version 2 is not known here.*\nboston: 1 event is dead-lettered in central, which is incomplete without them\. npx meridian dead-letters list shows why; /m,
  );
  expect(await run(['sync', '--quiet', '--json'])).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^\{"boston":\{"shipped":0,"seconds":[\d.]+,"paused":false,"deadLetters":1\}\}\n$/),
    stderr: expect.stringContaining('boston: 1 event is dead-lettered'),
  });
  expect(sync.stderr).toMatch(
    /boston: central: event 1 of boston could not be applied, attempt 1 of 5: schema version 2 is not known here.*Next attempt in 0\.\d\d s\./,
  );
  const list = await run(['dead-letters', 'list']);
  expect(list.stdout).toMatch(
    /1 │ boston │ 1:1\s+│ order 1 placed \(version 1\) │\s+5 │ dead-lettered │ schema version 2/,
  );
  const [letter] = JSON.parse((await run(['dead-letters', 'list', '--region', 'boston', '--json'])).stdout);
  expect(letter).toMatchObject({ id: 1, seq: 1, attempts: 5, event: { aggregateId: 1 } });
  expect((await run(['dead-letters', 'list', '--region', 'denver'])).stdout).toBe(
    'There are no dead letters of denver.\n',
  );
  const nowhere = await run(['dead-letters', 'list', '--region', 'nowhere']);
  expect(nowhere).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^Error: There is no region "nowhere"\. There are boston, /),
  });
  const shown = await run(['dead-letters', 'show', '1']);
  expect(shown.stdout).toContain('boston, epoch 1, seq 1: schema version 2 is not known here');
  expect(shown.stdout).toContain('after 5 attempts.');
  const again = await run(['dead-letters', 'retry', '--all', '--json']);
  expect(again.code).toBe(1);
  expect(JSON.parse(again.stdout)).toEqual({ 1: expect.stringContaining('schema version 2') });

  // a wrong id is rejected before any other one is changed
  const mixed = await run(['dead-letters', 'discard', '1', '99']);
  expect(mixed.code).toBe(2);
  expect(mixed.stderr).toBe(
    'Error: There is no dead letter 99. See which there are with npx meridian dead-letters list.\n',
  );
  await place.execute(
    'central',
    `update dead_letter set event = replace(event, '"schemaVersion":2', '"schemaVersion":1')`,
  );
  expect(await run(['dead-letters', 'retry', '1'])).toEqual({ code: 0, stdout: '1: applied\n', stderr: '' });
  expect((await run(['compare'])).code).toBe(0);
  expect((await run(['sync'])).code).toBe(0);
  expect((await run(['dead-letters', 'retry', '--all'])).stdout).toBe('There are no dead letters.\n');
});

test('a retry that meets a fault of central exits 1, says what to do, and leaves the dead letter', async () => {
  const { run, place } = workspace();
  await writeOrders(await openRegion(place, 'boston'), { id: 1 });
  await place.execute('orders.boston', "update outbox_event set payload = replace(payload, '3', '0')");
  await run(['sync']);
  await place.execute(
    'central',
    `update dead_letter set event = replace(event, '\\"quantity\\":0', '\\"quantity\\":3')`,
  );
  await place.execute('central', 'alter table order_fact rename to elsewhere');
  const { code, stdout, stderr } = await run(['dead-letters', 'retry', '--all']);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(
    /^Error: central: databases\/central\.db does not run a statement \(no such table: order_fact\)\. If its tables/,
  );
  await place.execute('central', 'alter table elsewhere rename to order_fact');
  expect(await run(['dead-letters', 'retry', '--all'])).toMatchObject({ code: 0, stdout: '1: applied\n' });
});

test('the list has a limit and says so; retry and discard take all', async () => {
  const { run, place } = workspace();
  await writeOrders(await openRegion(place, 'boston'), { id: 1 }, { id: 2 }, { id: 3 });
  await place.execute('orders.boston', 'update outbox_event set schema_version = 2');
  await run(['sync']);
  const two = await run(['dead-letters', 'list', '--limit', '2']);
  expect(two.stdout).toContain('The oldest 2 are shown; --limit shows more.');
  expect(JSON.parse((await run(['dead-letters', 'list', '--limit', '2', '--json'])).stdout)).toHaveLength(2);
  expect((await run(['dead-letters', 'list', '--limit', '4'])).stdout).not.toContain('--limit');
  expect(Object.keys(JSON.parse((await run(['dead-letters', 'discard', '--all', '--json'])).stdout))).toHaveLength(3);
});

const REPEATED = ['\u001b]8;;', '{"a":', '\u001b]', '\u009d', '\u001b[0', '['];

test.each(REPEATED.slice(0, depth(2, REPEATED.length)))(
  'a payload of 100,000 characters of %j is shown at once, and obeyed by no terminal',
  async (text) => {
    const { run, place } = workspace();
    await writeOrders(await openRegion(place, 'boston'), { id: 1 });
    // stored as an event may come over the network
    const event = { ...orderAt(1), type: text.repeat(30), payload: text.repeat(100_000 / text.length) };
    await place.execute('orders.boston', "update outbox_event set payload = '{'");
    await run(['sync']);
    await place.execute('central', `update dead_letter set event = '${JSON.stringify(event)}'`);
    for (const command of [['show', '1'], ['list']]) {
      const { code, stdout } = await run(['dead-letters', ...command]);
      expect(code).toBe(0);
      expect(stdout.length).toBeLessThan(20_000);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
      expect(stdout).not.toMatch(/[\u001b\u0080-\u009f]/);
    }
    const [shown] = JSON.parse((await run(['dead-letters', 'list', '--json'])).stdout);
    expect(shown.event).toEqual(event);
  },
);

test.each([
  [['show', 'x'], 'It has to be a whole number'],
  [['show', '0'], 'It has to be a whole number'],
  [['retry'], 'Error: Name ids that npx meridian dead-letters list shows, or give --all.\n'],
  [['discard', '1', '--all'], 'Error: Name ids that npx meridian dead-letters list shows, or give --all.\n'],
  [['show', '7'], 'Error: There is no dead letter 7.'],
  [['list', '--region', 'X'], 'Error: There is no region "X".'],
])('%p is wrong usage', async (args, message) => {
  const { run } = workspace();
  await run(['sync']);
  const { code, stderr } = await run(['dead-letters', ...args]);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

test('without a central database there is nothing to list, and that is said', async () => {
  const { code, stderr } = await workspace().run(['dead-letters', 'list']);
  expect(code).toBe(1);
  expect(stderr).toBe('Error: There is no central database yet. Make and fill it with npx meridian sync.\n');
});
