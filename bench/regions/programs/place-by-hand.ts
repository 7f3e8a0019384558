/** A program: places the same orders with better-sqlite3 alone, one after the other. */
import { openByHand } from '../by-hand.ts';
import { answerWith } from '../conversation.ts';
import { givenJob } from '../program.ts';
import { requestOf } from '../requests.ts';
import { type PlaceJob, type PlaceOrders, timed } from '../turn.ts';

const { items, seed } = givenJob<PlaceJob>();
const shop = openByHand();

function place(from: number, to: number): void {
  for (let number = from; number < to; number++) {
    const request = requestOf(seed, number, items);
    if (!shop.isKnown(request)) {
      throw new Error(`A user or product is not there: ${JSON.stringify(request)}`);
    }
    shop.place(request);
  }
}

answerWith(
  ({ from, to }: PlaceOrders) => timed(async () => place(from, to)),
  () => shop.close(),
);
