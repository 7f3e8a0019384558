/** This project: the shop. Its regions, central and documents are databases of its module. */
import { defineConfig } from 'meridian';
import { orders, products, shop, users } from 'meridian/shop';

export default defineConfig({
  databases: { users, products, orders },
  modules: [shop()],
});
