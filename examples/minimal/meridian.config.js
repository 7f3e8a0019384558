/** Two databases: each order refers to a customer, which no foreign key can hold. */
import { defineConfig } from 'meridian';
import { Customer } from './src/customer.js';
import { Order } from './src/order.js';

export default defineConfig({
  databases: {
    customers: {
      entities: { customer: { entity: Customer, sample: 'samples/customers.csv' } },
    },
    orders: {
      entities: {
        order: { entity: Order, references: { customerId: 'customers.customer' }, sample: 'samples/orders.csv' },
      },
    },
  },
});
