/** How a populate tells of the orders that it brings into a region. */
import { OutboxEvent } from '../../replication/outbox/outbox-event.entity.ts';
import { orderEvent } from '../trading/events/order-event.ts';
import type { Order } from './order.entity.ts';

export const orderJournal = {
  entity: OutboxEvent,
  eventOf: (order: Readonly<Partial<Order>>, run: string | null) => ({
    ...orderEvent(order, 'loaded', new Date().toISOString(), run),
  }),
  eventsOf: (run: string, orderIds: readonly unknown[]) => ({
    seq: null,
    run,
    aggregate: 'order',
    aggregateId: { $in: orderIds },
  }),
};
