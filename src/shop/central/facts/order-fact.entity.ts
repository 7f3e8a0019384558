/** The newest known state of an order line of a region, from an event that satisfies the rules of orders. */
import { EntityName } from '@mikro-orm/core';
import { Entity, Property } from '@mikro-orm/decorators/legacy';
import { InstantType } from '../../../types.ts';
import { RegionRecord, UNIT_PRICE_COLUMN } from '../../columns.ts';
import type { OrderStatus } from '../../orders/order.entity.ts';

@Entity({ tableName: 'order_fact' })
export class OrderFact extends RegionRecord {
  declare readonly [EntityName]?: 'OrderFact';

  @Property({ type: 'integer' })
  userId!: number;

  @Property({ type: 'integer' })
  productId!: number;

  @Property({ type: 'integer' })
  quantity!: number;

  @Property({ ...UNIT_PRICE_COLUMN, nullable: true })
  unitPrice!: string | null;

  @Property({ type: InstantType, nullable: true })
  placedAt!: string | null;

  @Property({ type: 'text', nullable: true })
  country!: string | null;

  /** The status of the order; only confirmed orders count as sales. */
  @Property({ type: 'text' })
  status!: OrderStatus;

  @Property({ type: 'text', nullable: true })
  checkoutId!: string | null;
}
