/** For the MikroORM command line: npx mikro-orm migration:up --config mikro-orm.products.config.ts */
import { products } from './src/databases/catalog.ts';
import { mikroOrmOptions } from './src/databases/options.ts';

export default mikroOrmOptions(products);
