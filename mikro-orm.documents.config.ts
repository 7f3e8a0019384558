/**
 * For the MikroORM command line, where documents are in tables: npx mikro-orm migration:up --config mikro-orm.documents.config.ts
 * On MongoDB there are no migrations; npm run migrate -- documents makes the indexes.
 */
import { mikroOrmOptions } from './src/databases.ts';
import { documents } from './src/shop/catalog.ts';

export default await mikroOrmOptions(documents);
