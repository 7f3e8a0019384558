/** The tables of a region as its statements see them: columns by their names, money in cents, time as text. */
import type { Kysely } from 'kysely';
import type { EntityManager } from '../../database/database.ts';
import { fromCents } from '../../shared/money/amount.ts';
import type { Order, OrderStatus } from '../orders/order.entity.ts';
import type { Stock } from './stock.entity.ts';

export interface CheckoutRow {
  id: string;
  request: string;
  outcome: string;
  placed_at: string;
  details: string | null;
}

export interface StockRow {
  product_id: number;
  name: string | null;
  unit_price_cents: number;
  on_hand: number;
  version: number;
}

export interface OrderRow {
  id: number;
  user_id: number;
  product_id: number;
  quantity: number;
  unit_price_cents: number | null;
  placed_at: string | null;
  country: string | null;
  status: OrderStatus;
  checkout_id: string | null;
  version: number;
}

export interface RegionTables {
  checkouts: CheckoutRow;
  stock: StockRow;
  orders: OrderRow;
}

/** For statements in the transaction of `em`, or outside one if it has none. */
export function tablesOf(em: EntityManager): Kysely<RegionTables> {
  return em.getKysely<RegionTables>();
}

export function orderOf(row: OrderRow): Order {
  return {
    id: row.id,
    userId: row.user_id,
    productId: row.product_id,
    quantity: row.quantity,
    unitPrice: row.unit_price_cents === null ? null : amountOf(row.unit_price_cents),
    placedAt: row.placed_at,
    country: row.country,
    status: row.status,
    checkoutId: row.checkout_id,
    version: row.version,
  };
}

export function stockOf(row: StockRow): Stock {
  return {
    productId: row.product_id,
    name: row.name,
    unitPrice: amountOf(row.unit_price_cents),
    onHand: row.on_hand,
    version: row.version,
  };
}

export function amountOf(cents: number): string {
  return fromCents(BigInt(cents));
}
