/** A program: loads the three files with better-sqlite3, a prepared statement and one transaction a file, unchecked. */
import Database from 'better-sqlite3';
import { type Job, jobs, PRAGMAS } from '../peers/job.ts';
import { centsOf } from '../peers/price.ts';
import { batches } from '../peers/read.ts';

/** Only how much is read at a time: each row is a statement. */
const BATCH_ROWS = 5000;

async function load(
  { database, file, schema }: Job,
  insert: string,
  values: (fields: string[]) => unknown[],
): Promise<void> {
  const db = new Database(database);
  for (const pragma of PRAGMAS) {
    db.pragma(pragma);
  }
  db.exec(schema);
  const statement = db.prepare(insert);
  db.exec('begin');
  for await (const rows of batches(file, BATCH_ROWS)) {
    for (const fields of rows) {
      statement.run(values(fields));
    }
  }
  db.exec('commit');
  db.close();
}

const { users, products, orders } = jobs();
await load(users, 'insert into users (id, name, email) values (?, ?, ?)', ([id, name, email]) => [
  Number(id),
  name,
  email,
]);
await load(
  products,
  'insert into products (id, sku, name, price_cents) values (?, ?, ?, ?)',
  ([id, sku, name, price = '']) => [Number(id), sku || null, name, centsOf(price)],
);
await load(orders, 'insert into orders (id, user_id, product_id, quantity) values (?, ?, ?, ?)', (fields) =>
  fields.map(Number),
);
