/** The newest known state of one order line of one region, read from an event by the rules of the order. */
import { EntityName } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { AmountType } from '../../../shared/money/amount.type.ts';
import { InstantType } from '../../../shared/time/instant.type.ts';
import type { OrderStatus } from '../../orders/order.entity.ts';

@Entity({ tableName: 'order_fact' })
export class OrderFact {
  declare readonly [EntityName]?: 'OrderFact';

  @PrimaryKey({ type: 'text' })
  region!: string;

  @PrimaryKey({ type: 'integer', autoincrement: false })
  orderId!: number;

  @Property({ type: 'integer' })
  epoch!: number;

  @Property({ type: 'integer' })
  version!: number;

  @Property({ type: 'integer' })
  userId!: number;

  @Property({ type: 'integer' })
  productId!: number;

  @Property({ type: 'integer' })
  quantity!: number;

  @Property({ type: AmountType, fieldName: 'unit_price_cents', nullable: true })
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
