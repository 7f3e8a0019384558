/**
 * A program: loads the three files with TypeORM. Its documents name the insert query builder as the most efficient
 * way to insert, many rows at once, and `updateEntity(false)` where the entities are not needed afterwards.
 */
import { DataSource, EntitySchema, type ObjectLiteral } from 'typeorm';
import { type Job, jobs, PRAGMAS } from '../peers/job.ts';
import { centsOf, textOf } from '../peers/price.ts';
import { batches } from '../peers/read.ts';
import { Order, Product, toRecord, User } from '../peers/records.ts';

/** A statement of SQLite takes 32,766 variables; larger ones were no faster. */
const BATCH_ROWS = 1000;

const id = { type: 'integer', primary: true } as const;

const UserSchema = new EntitySchema<User>({
  name: 'User',
  target: User,
  tableName: 'users',
  columns: { id, name: { type: 'text' }, email: { type: 'text', unique: true } },
});

const ProductSchema = new EntitySchema<Product>({
  name: 'Product',
  target: Product,
  tableName: 'products',
  columns: {
    id,
    sku: { type: 'text', nullable: true, unique: true },
    name: { type: 'text' },
    price: { name: 'price_cents', type: 'bigint', transformer: { to: centsOf, from: textOf } },
  },
});

const OrderSchema = new EntitySchema<Order>({
  name: 'Order',
  target: Order,
  tableName: 'orders',
  columns: {
    id,
    userId: { name: 'user_id', type: 'integer' },
    productId: { name: 'product_id', type: 'integer' },
    quantity: { type: 'integer' },
  },
});

async function load<T extends ObjectLiteral>(
  { database, file, schema }: Job,
  entity: EntitySchema<T>,
  toEntity: (fields: readonly string[]) => T,
): Promise<void> {
  const dataSource = new DataSource({
    type: 'better-sqlite3',
    database,
    entities: [entity],
    prepareDatabase(db) {
      for (const pragma of PRAGMAS) {
        db.pragma(pragma);
      }
      db.exec(schema);
    },
  });
  await dataSource.initialize();
  await dataSource.transaction(async (manager) => {
    for await (const rows of batches(file, BATCH_ROWS)) {
      await manager.createQueryBuilder().insert().into(entity).values(rows.map(toEntity)).updateEntity(false).execute();
    }
  });
  await dataSource.destroy();
}

const { users, products, orders } = jobs();
await Promise.all([
  load(users, UserSchema, toRecord.users),
  load(products, ProductSchema, toRecord.products),
  load(orders, OrderSchema, toRecord.orders),
]);
