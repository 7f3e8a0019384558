/** A customer sends the same order several times. */
import { type Chapter, claim } from '../chapter.ts';

const ATTEMPTS = 5;
const ORDER = { userId: 2, items: [{ productId: 2, quantity: 3 }], country: 'France', key: 'web-1001' };
const COMMAND = 'npx meridian order place --region seattle --user 2 --item 2x3 --country France --key web-1001';

export const key: Chapter = {
  title: 'The same order is sent several times',
  shows: 'idempotence of requests',
  commands: [COMMAND, COMMAND, 'npx meridian stock list --region seattle'],
  async play(world) {
    const before = await world.status('seattle');
    let first = 0;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const { isRepeated } = await world.place('seattle', ORDER);
      first += isRepeated ? 0 : 1;
    }
    const after = await world.status('seattle');
    claim(first === 1, 'only one of the attempts placed an order');
    claim(after.orders === before.orders + 1, 'there is one order more than before');
    claim(after.onHand === before.onHand - 3, 'its pieces were taken once');
    return {
      sentences: [
        `A customer in seattle gets no answer and sends an order ${ATTEMPTS} times, with the same key: 1 order, 3 pieces taken.`,
        'The key and its outcome are written in the transaction of the order, so a repeated request gets the first answer.',
      ],
      result: { attempts: ATTEMPTS, orders: after.orders - before.orders },
    };
  },
};
