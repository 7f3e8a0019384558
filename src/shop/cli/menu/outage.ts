/** Simulates an outage: a region is cut off from central, continues to trade, reconnects, and central catches up. */
import { type Questions, type Runner, readWhole, type Script } from '../../../module.ts';
import { Outbox } from '../../../replication/index.ts';
import { withRegionDatabase } from '../../regions/with-database.ts';
import { listStock } from '../../trading/list.ts';
import { askRegion } from './prompts.ts';

const ORDERS = 3;

export const outageScript: Script = {
  name: 'Simulate an outage',
  description: 'Pauses a relay, keeps ordering, resumes, and watches central converge.',
  play: simulateOutage,
};

/** @throws MeridianError when the region cannot be read */
async function simulateOutage(questions: Questions, runner: Runner): Promise<void> {
  const region = await askRegion(questions);
  const sold = (await listStock(region)).find(({ onHand }) => onHand >= ORDERS);
  if (sold === undefined) {
    questions.say(`${region} has less than ${ORDERS} pieces of anything to sell. Receive stock there first.`);
    return;
  }
  if (await isPaused(region)) {
    questions.say(`The relay of ${region} is paused, and the simulation would end by resuming it. Resume it first.`);
    return;
  }
  const user = await questions.text('Id of the user who orders meanwhile:', {
    default: '1',
    check: (id) => (readWhole(id) === undefined ? 'It has to be a whole number from 1.' : undefined),
  });
  const order = `order place --region ${region} --user ${user} --item ${sold.productId}x1`;
  await runner.gently(async () => {
    if (!(await playOutage(region, order, questions, runner))) {
      questions.say('\nThe simulation ends before its end.');
    }
  });
}

function isPaused(region: string): Promise<boolean> {
  return withRegionDatabase(region, async (database) => (await new Outbox(database).state()).paused);
}

/** A sentence, and the command that follows it. */
type Step = readonly [sentence: string, command: string];

/** @returns whether all steps succeeded */
async function playOutage(region: string, order: string, questions: Questions, runner: Runner): Promise<boolean> {
  const run = async ([sentence, command]: Step) => {
    questions.say(`\n${sentence}`);
    return (await runner.run(command.split(' '))) === 0;
  };
  const runAll = async (steps: readonly Step[]) => {
    for (const step of steps) {
      if (runner.isInterrupted || !(await run(step))) {
        return false;
      }
    }
    return true;
  };
  if (!(await run([`The line between ${region} and central goes down.`, `relay pause --region ${region}`]))) {
    return false;
  }
  const orders = Array.from(
    { length: ORDERS },
    (_, index): Step => [
      `${region} continues to trade with only its own database: order ${index + 1} of ${ORDERS}.`,
      order,
    ],
  );
  const isDown = await runAll([
    ...orders,
    [`The other regions are synced; ${region} is left out.`, 'sync'],
    ['Its orders wait in its outbox, and central is behind.', 'regions'],
    ['Reports mark the region as incomplete.', 'report sales'],
  ]);
  // the relay must not stay paused, whatever has happened
  const isUp = await run(['The line is up again.', `relay resume --region ${region}`]);
  return (
    isUp &&
    isDown &&
    (await runAll([
      ['The waiting events are shipped, in order, each event once.', 'sync'],
      [`${region} and central hold the same again.`, `compare --region ${region}`],
    ]))
  );
}
