/** A program: places orders with pauses in between, next to a relay and a central in processes of their own. */
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { mix } from '../../random.ts';
import { onWake, openRegion, placeOrder } from '../meridian.ts';
import { giveBack, givenJob } from '../program.ts';
import { REGION, requestOf } from '../requests.ts';

export interface PlaceSlowlyJob {
  readonly orders: number;
  readonly seed: number;
}

export interface PlacedSlowly {
  /** Of each order: its id, and when it was committed, by the clock of the machine in milliseconds. */
  readonly commits: readonly (readonly [number, number])[];
}

const SHORTEST_PAUSE_MILLISECONDS = 50;
const LONGEST_PAUSE_MILLISECONDS = 150;

const { orders, seed } = givenJob<PlaceSlowlyJob>();
const region = await openRegion(REGION);
let committedAt = 0;
const stopListening = onWake(region.database, () => {
  committedAt = Number(process.hrtime.bigint()) / 1e6;
});
const commits: [number, number][] = [];
for (let number = 0; number < orders; number++) {
  const outcome = await placeOrder(region, requestOf(seed, number, 1));
  if (outcome.result !== 'placed') {
    throw new Error(`An order was not placed: ${JSON.stringify(outcome)}`);
  }
  commits.push([outcome.orders[0]?.id ?? 0, committedAt]);
  await pause(
    SHORTEST_PAUSE_MILLISECONDS + (mix(seed, number) % (LONGEST_PAUSE_MILLISECONDS - SHORTEST_PAUSE_MILLISECONDS)),
  );
}
stopListening();
await region.close();
const placed: PlacedSlowly = { commits };
giveBack(placed);
