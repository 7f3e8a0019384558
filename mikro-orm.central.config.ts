/** For the MikroORM command line: npx mikro-orm migration:up --config mikro-orm.central.config.ts */
import { mikroOrmOptions } from './src/databases.ts';
import { central } from './src/shop/catalog.ts';

export default await mikroOrmOptions(central);
