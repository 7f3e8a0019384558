/** The change events of orders that a populate loads into a region. */

import { changeEvents } from '../../replication/index.ts';
import { timestamp } from '../../types.ts';
import { orderContract, orderEvent } from '../trading/events/order-event.ts';
import type { Order } from './order.entity.ts';

export const orderOutboxMapping = changeEvents<Order>(orderContract.aggregate, (order, run) =>
  orderEvent(order, 'loaded', timestamp(), run),
);
