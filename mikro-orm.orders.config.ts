/**
 * For the MikroORM command line: npx mikro-orm migration:up --config mikro-orm.orders.config.ts
 * For a region: REGION=boston npx mikro-orm migration:up --config mikro-orm.orders.config.ts
 */
import { orders, ordersOf } from './src/databases/catalog.ts';
import { mikroOrmOptions } from './src/databases/options.ts';
import { regionInEnvironment } from './src/databases/regions.ts';

const region = regionInEnvironment();

export default mikroOrmOptions(region === undefined ? orders : ordersOf(region));
