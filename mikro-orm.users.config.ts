/** For the MikroORM command line: npx mikro-orm migration:up --config mikro-orm.users.config.ts */
import { users } from './src/databases/catalog.ts';
import { mikroOrmOptions } from './src/databases/options.ts';

export default mikroOrmOptions(users);
