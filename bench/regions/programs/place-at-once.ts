/** A program: places orders of one product through Meridian, many at once, for a time. */
import { answerWith } from '../conversation.ts';
import { openRegion, placeOrder } from '../meridian.ts';
import { profiled } from '../profile.ts';
import { givenJob } from '../program.ts';
import { REGION, requestOf } from '../requests.ts';
import { timed } from '../turn.ts';

export interface PlaceAtOnceJob {
  /** Orders that are under way at the same time, each on a connection of its own. */
  readonly clients: number;
  readonly seed: number;
}

export interface PlaceFor {
  readonly seconds: number;
}

/** Instead of being timed. */
export interface ProfiledPlaceFor extends PlaceFor {
  readonly profile: true;
}

export interface PlacedAtOnce {
  readonly orders: number;
  /** Until the last one was placed. */
  readonly seconds: number;
  readonly cpuSeconds: number;
}

const { clients, seed } = givenJob<PlaceAtOnceJob>();
const region = await openRegion(REGION, { connections: clients });
let number = 0;

async function placeUntil(deadline: number): Promise<number> {
  let orders = 0;
  while (performance.now() < deadline) {
    const outcome = await placeOrder(region, requestOf(seed, number++, 1));
    if (outcome.result !== 'placed' || outcome.status !== 'confirmed') {
      throw new Error(`An order was not placed as it should be: ${JSON.stringify(outcome)}`);
    }
    orders++;
  }
  return orders;
}

async function place(seconds: number): Promise<number> {
  const deadline = performance.now() + seconds * 1000;
  const counts = await Promise.all(Array.from({ length: clients }, () => placeUntil(deadline)));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function timedFor(seconds: number): Promise<PlacedAtOnce> {
  let orders = 0;
  const turn = await timed(async () => {
    orders = await place(seconds);
  });
  return { orders, ...turn };
}

answerWith<PlaceFor | ProfiledPlaceFor, object>(
  (question) =>
    'profile' in question
      ? profiled(async () => {
          await place(question.seconds);
        })
      : timedFor(question.seconds),
  () => region.close(),
);
