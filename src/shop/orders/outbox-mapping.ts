/** The change events of orders that a populate loads into a region. */
import type { OutboxMapping } from '../../database/declaration.ts';
import { OutboxEvent } from '../../replication/outbox/outbox-event.entity.ts';
import { orderEvent } from '../trading/events/order-event.ts';
import type { Order } from './order.entity.ts';

export const orderOutboxMapping: OutboxMapping = {
  entity: OutboxEvent,
  eventOf: (order: Readonly<Partial<Order>>, run: string | null) => ({
    ...orderEvent(order, 'loaded', new Date().toISOString(), run),
  }),
  unpublishedEventsOf: (run: string, orderIds: readonly unknown[]) => ({
    seq: null,
    run,
    aggregate: 'order',
    aggregateId: { $in: orderIds },
  }),
};
