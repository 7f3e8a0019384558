/** For the MikroORM command line: npx mikro-orm migration:up --config mikro-orm.documents.config.ts */
import { documents } from './src/databases/catalog.ts';
import { mikroOrmOptions } from './src/databases/options.ts';

export default mikroOrmOptions(documents);
