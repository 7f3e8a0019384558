/** For the MikroORM command line: npx mikro-orm migration:up --config mikro-orm.orders.config.ts */
import { orders } from './src/databases/catalog.ts';
import { mikroOrmOptions } from './src/databases/options.ts';

export default mikroOrmOptions(orders);
