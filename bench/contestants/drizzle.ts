/**
 * A program: loads the three files with Drizzle, whose documents advise prepared statements with placeholders for
 * speed; here they are faster than many rows a statement as well.
 */
import Database from 'better-sqlite3';
import { type Placeholder, sql } from 'drizzle-orm';
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';
import { customType, integer, type SQLiteTable, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { type Job, jobs, PRAGMAS } from '../peers/job.ts';
import { centsOf, textOf } from '../peers/price.ts';
import { batches } from '../peers/read.ts';
import { toRecord } from '../peers/records.ts';

/** Rows of one transaction: Drizzle's are synchronous on this driver, so they cannot last while the file is read on. */
const BATCH_ROWS = 5000;

const price = customType<{ data: string; driverData: number }>({
  dataType: () => 'bigint',
  toDriver: centsOf,
  fromDriver: textOf,
});

const usersTable = sqliteTable('users', {
  id: integer('id').primaryKey(),
  name: text('name').notNull(),
  email: text('email').notNull().unique(),
});

const productsTable = sqliteTable('products', {
  id: integer('id').primaryKey(),
  sku: text('sku').unique(),
  name: text('name').notNull(),
  price: price('price_cents').notNull(),
});

const ordersTable = sqliteTable('orders', {
  id: integer('id').primaryKey(),
  userId: integer('user_id').notNull(),
  productId: integer('product_id').notNull(),
  quantity: integer('quantity').notNull(),
});

async function load<T extends SQLiteTable>(
  { database, file, schema }: Job,
  table: T,
  placeholders: { [Column in keyof T['$inferInsert']]: Placeholder },
  toRow: (fields: readonly string[]) => object,
): Promise<void> {
  const client = new Database(database);
  for (const pragma of PRAGMAS) {
    client.pragma(pragma);
  }
  client.exec(schema);
  const db: BetterSQLite3Database = drizzle({ client });
  const insert = db.insert(table).values(placeholders).prepare();
  for await (const rows of batches(file, BATCH_ROWS)) {
    db.transaction(() => {
      for (const fields of rows) {
        insert.run({ ...toRow(fields) });
      }
    });
  }
  client.close();
}

const { users, products, orders } = jobs();
const id = sql.placeholder('id');
const name = sql.placeholder('name');
await Promise.all([
  load(users, usersTable, { id, name, email: sql.placeholder('email') }, toRecord.users),
  load(
    products,
    productsTable,
    { id, sku: sql.placeholder('sku'), name, price: sql.placeholder('price') },
    toRecord.products,
  ),
  load(
    orders,
    ordersTable,
    {
      id,
      userId: sql.placeholder('userId'),
      productId: sql.placeholder('productId'),
      quantity: sql.placeholder('quantity'),
    },
    toRecord.orders,
  ),
]);
