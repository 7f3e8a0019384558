/** A program: places orders with pauses in between, next to a sync that runs on, and times how soon central has each. */
import { setTimeout as pause } from 'node:timers/promises';
import { mix } from '../../random.ts';
import { onWake, openRegion, placeOrder, syncOn, syncOnce } from '../meridian.ts';
import { giveBack, givenJob } from '../program.ts';
import { REGION, requestOf } from '../requests.ts';

export interface LagJob {
  readonly orders: number;
  readonly seed: number;
}

export interface Lags {
  /** From each order's commit to central's, in the order in which they were placed. */
  readonly milliseconds: readonly number[];
}

const WARM_UP_ORDERS = 20;
/** An idle region's orders come at any moment of the relay's waiting. */
const LONGEST_PAUSE_MILLISECONDS = 100;
/** An order, the stock of its one product, and the document. */
const EVENTS_PER_ORDER = 3;

const { orders, seed } = givenJob<LagJob>();
const stop = new AbortController();
const watched = Promise.withResolvers<void>();
// what there is already, to begin with
await syncOnce({ regions: () => [REGION], signal: stop.signal });
const region = await openRegion(REGION);

let expected = 0;
let arrived = Promise.withResolvers<number>();
const expect = (events: number) => {
  expected += events;
  arrived = Promise.withResolvers();
};
const sync = syncOn({
  regions: () => [REGION],
  signal: stop.signal,
  listener: {
    watched: () => watched.resolve(),
    shipped(_, events) {
      expected -= events;
      if (expected === 0) {
        // central has committed by now
        arrived.resolve(performance.now());
      }
    },
    failed: (_, error) => arrived.reject(error),
  },
});
// called as soon as an order's transaction has been committed
let committedAt = 0;
const stopListening = onWake(region.database, () => {
  committedAt = performance.now();
});
await watched.promise;

const milliseconds: number[] = [];
for (let number = -WARM_UP_ORDERS; number < orders; number++) {
  expect(EVENTS_PER_ORDER);
  const [outcome, at] = await Promise.all([placeOrder(region, requestOf(seed, number, 1)), arrived.promise]);
  if (outcome.result !== 'placed') {
    throw new Error(`An order was not placed: ${JSON.stringify(outcome)}`);
  }
  if (number >= 0) {
    milliseconds.push(at - committedAt);
  }
  await pause(mix(seed, number) % LONGEST_PAUSE_MILLISECONDS);
}
stop.abort();
await sync;
stopListening();
await region.close();
const lags: Lags = { milliseconds };
giveBack(lags);
