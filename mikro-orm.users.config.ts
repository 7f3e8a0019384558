/** For the MikroORM command line: npx mikro-orm migration:up --config mikro-orm.users.config.ts */
import { mikroOrmOptions } from './src/databases.ts';
import { users } from './src/shop/catalog.ts';

export default await mikroOrmOptions(users);
