/** A program: places orders one after the other, through Meridian. */
import { answerWith } from '../conversation.ts';
import { openRegion, placeOrder } from '../meridian.ts';
import { profiled } from '../profile.ts';
import { givenJob } from '../program.ts';
import { REGION, requestOf } from '../requests.ts';
import { type PlaceJob, type PlaceOrders, type ProfiledOrders, timed } from '../turn.ts';

const { items, seed } = givenJob<PlaceJob>();
const region = await openRegion(REGION);

async function place({ from, to }: PlaceOrders): Promise<void> {
  for (let number = from; number < to; number++) {
    const outcome = await placeOrder(region, requestOf(seed, number, items));
    if (outcome.result !== 'placed' || outcome.status !== 'confirmed') {
      throw new Error(`An order was not placed as it should be: ${JSON.stringify(outcome)}`);
    }
  }
}

answerWith<PlaceOrders | ProfiledOrders, object>(
  (question) => ('profile' in question ? profiled(() => place(question)) : timed(() => place(question))),
  () => region.close(),
);
