/** The newest known state of one order line of one region, read from an event by the rules of the order. */
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

  /** Only confirmed orders are sales. */
  @Property({ type: 'text' })
  status!: OrderStatus;

  @Property({ type: 'text', nullable: true })
  checkoutId!: string | null;
}
