import { defineEntity, p } from '@mikro-orm/core';

export const Order = defineEntity({
  name: 'Order',
  tableName: 'orders',
  properties: {
    id: p.integer().primary().autoincrement(false),
    customerId: p.integer(),
    total: p.decimal().precision(12).scale(2),
    placedOn: p.date(),
  },
});
