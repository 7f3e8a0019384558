import { defineEntity, p } from '@mikro-orm/core';

export const Customer = defineEntity({
  name: 'Customer',
  properties: {
    id: p.integer().primary().autoincrement(false),
    name: p.string().length(100),
    email: p.string().length(254).unique(),
  },
});
