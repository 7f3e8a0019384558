/** For the MikroORM command line: npx mikro-orm migration:up --config mikro-orm.central.config.ts */
import { central } from './src/databases/catalog.ts';
import { mikroOrmOptions } from './src/databases/options.ts';

export default mikroOrmOptions(central);
