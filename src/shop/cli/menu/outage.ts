/** Simulates an outage: a region is cut off from central, trades on, comes back, and central catches up. */
import type { Runner, Script } from '../../../cli/menu/action.ts';
import type { Questions } from '../../../cli/menu/questions.ts';
import { readRelay } from '../../../replication/relay/relay-row.ts';
import { withRegionDatabase } from '../../regions/with-database.ts';
import { listStock } from '../../trading/list.ts';
import { isWholeNumber } from './checks.ts';
import { askRegion } from './known.ts';

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
  const user = await questions.text('Id of the user who orders meanwhile:', { default: '1', check: isWholeNumber });
  const place = ['order', 'place', '--region', region, '--user', user, '--item', `${sold.productId}x1`];
  await runner.gently(async () => {
    if (!(await outage(region, place, questions, runner))) {
      questions.say('\nThe simulation ends before its end.');
    }
  });
}

function isPaused(region: string): Promise<boolean> {
  return withRegionDatabase(region, async (database) => (await readRelay(database, database.fork())).paused);
}

/** @returns whether it came to its end, and all went well */
async function outage(
  region: string,
  place: readonly string[],
  questions: Questions,
  runner: Runner,
): Promise<boolean> {
  const ofRegion = ['--region', region];
  const step = async (sentence: string, ...args: readonly string[]) => {
    if (runner.isInterrupted) {
      return false;
    }
    questions.say(`\n${sentence}`);
    return (await runner.run(args)) === 0;
  };
  const trade = async () => {
    for (let number = 1; number <= ORDERS; number++) {
      const sentence = `${region} trades on with nothing but its own database: order ${number} of ${ORDERS}.`;
      if (!(await step(sentence, ...place))) {
        return false;
      }
    }
    return true;
  };
  if (!(await step(`The line between ${region} and central goes down.`, 'relay', 'pause', ...ofRegion))) {
    return false;
  }
  const isWell =
    (await trade()) &&
    (await step(`The others are synced; ${region} is left out.`, 'sync')) &&
    (await step('Its orders wait in its outbox, and central is behind.', 'regions')) &&
    (await step('Reports say so.', 'report', 'sales'));
  // whatever has happened, nothing stays paused
  questions.say('\nThe line is up again.');
  return (
    (await runner.run(['relay', 'resume', ...ofRegion])) === 0 &&
    isWell &&
    (await step('What waited is shipped, in order, each event once.', 'sync')) &&
    (await step(`${region} and central hold the same again.`, 'compare', ...ofRegion))
  );
}
