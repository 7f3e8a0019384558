/**
 * For the MikroORM command line: npx mikro-orm migration:up --config mikro-orm.orders.config.ts
 * For a region: REGION=boston npx mikro-orm migration:up --config mikro-orm.orders.config.ts
 */
import { mikroOrmOptions } from './src/databases.ts';
import { orders, ordersOf } from './src/shop/catalog.ts';
import { regionInEnvironment } from './src/shop/regions/databases.ts';

const region = regionInEnvironment();

export default await mikroOrmOptions(region === undefined ? orders : ordersOf(region));
