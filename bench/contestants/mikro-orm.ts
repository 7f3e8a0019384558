/** A program: loads the three files with plain MikroORM, whose documents name `insertMany` for rows in bulk. */
import { type EntityClass, EntitySchema, MikroORM, Type } from '@mikro-orm/sqlite';
import { type Job, jobs, PRAGMAS } from '../peers/job.ts';
import { centsOf, textOf } from '../peers/price.ts';
import { batches } from '../peers/read.ts';
import { Order, Product, toRecord, User } from '../peers/records.ts';

/** A statement of SQLite takes 32,766 variables; larger ones were no faster. */
const BATCH_ROWS = 1000;

class PriceType extends Type<string, number> {
  override convertToDatabaseValue(value: string): number {
    return centsOf(value);
  }
  override convertToJSValue(value: number): string {
    return textOf(value);
  }
  override getColumnType(): string {
    return 'bigint';
  }
}

const id = { type: 'integer', primary: true, autoincrement: false } as const;

const UserSchema = new EntitySchema<User>({
  class: User,
  tableName: 'users',
  properties: { id, name: { type: 'text' }, email: { type: 'text', unique: true } },
});

const ProductSchema = new EntitySchema<Product>({
  class: Product,
  tableName: 'products',
  properties: {
    id,
    sku: { type: 'text', nullable: true, unique: true },
    name: { type: 'text' },
    price: { fieldName: 'price_cents', type: PriceType },
  },
});

const OrderSchema = new EntitySchema<Order>({
  class: Order,
  tableName: 'orders',
  properties: {
    id,
    userId: { type: 'integer' },
    productId: { type: 'integer' },
    quantity: { type: 'integer' },
  },
});

async function load<T extends object>(
  { database, file, schema }: Job,
  entity: EntitySchema<T>,
  toEntity: (fields: readonly string[]) => T,
): Promise<void> {
  const orm = await MikroORM.init({ dbName: database, entities: [entity], ensureDatabase: false });
  for (const pragma of PRAGMAS) {
    await orm.em.execute(`pragma ${pragma}`);
  }
  for (const statement of schema.split(';\n').filter(Boolean)) {
    await orm.em.execute(statement);
  }
  await orm.em.fork().transactional(async (em) => {
    for await (const rows of batches(file, BATCH_ROWS)) {
      await em.insertMany(entity.meta.class as EntityClass<T>, rows.map(toEntity));
    }
  });
  await orm.close();
}

const { users, products, orders } = jobs();
await Promise.all([
  load(users, UserSchema, toRecord.users),
  load(products, ProductSchema, toRecord.products),
  load(orders, OrderSchema, toRecord.orders),
]);
