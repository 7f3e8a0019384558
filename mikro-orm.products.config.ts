/** For the MikroORM command line: npx mikro-orm migration:up --config mikro-orm.products.config.ts */
import { mikroOrmOptions } from './src/databases.ts';
import { products } from './src/shop/catalog.ts';

export default await mikroOrmOptions(products);
