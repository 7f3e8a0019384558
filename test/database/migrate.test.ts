/** Migrations of each database: up, down, up again, what is pending, what has drifted, what fails. */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Entity, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import SqliteFile from 'better-sqlite3';
import { Database, type DatabaseOptions } from '../../src/database/database.ts';
import type { DatabaseDeclaration } from '../../src/database/declaration.ts';
import { migrateDown, migrateUp, migrationStatus, pendingMigrations } from '../../src/database/migrate.ts';
import { projectRoot } from '../../src/shared/project.ts';
import { catalog, central, documents, users } from '../../src/shop/catalog.ts';
import { fileOf, locationIn } from '../support/databases.ts';
import { thoroughTest } from '../support/depth.ts';
import { type EngineName, forEachEngine, type Place } from '../support/engines.ts';
import { digestsOf } from '../support/files.ts';
import { makeFolder, writeIn } from '../support/folder.ts';
import { migrationsOf, ownMigrationsOf } from '../support/schema.ts';

const opened: Database[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

async function open(declaration: DatabaseDeclaration, options: DatabaseOptions): Promise<Database> {
  const database = await Database.open(declaration, options);
  opened.push(database);
  return database;
}

/** What the first migration of each database makes: the table of its entity. */
const SCHEMAS: Readonly<Record<EngineName, Readonly<Record<string, readonly string[]>>>> = {
  sqlite: {
    users: [
      'CREATE TABLE `users` (`id` integer not null primary key, `name` text not null, `email` text collate nocase not null)',
      'CREATE UNIQUE INDEX `users_email_unique` on `users` (`email`)',
    ],
    products: [
      'CREATE TABLE `products` (`id` integer not null primary key, `sku` text null, `name` text not null, `price_cents` bigint not null)',
      'CREATE UNIQUE INDEX `products_name_price_unique` on `products` (`name`, `price_cents`) where `sku` is null',
      'CREATE UNIQUE INDEX `products_sku_unique` on `products` (`sku`)',
    ],
    orders: [
      'CREATE INDEX `orders_product_id_index` on `orders` (`product_id`)',
      'CREATE INDEX `orders_user_id_index` on `orders` (`user_id`)',
      'CREATE TABLE `orders` (`id` integer not null primary key, `user_id` integer not null, `product_id` integer not null, `quantity` integer not null)',
    ],
  },
  postgresql: {
    users: [
      'CREATE UNIQUE INDEX users_email_nocase_unique ON public.users USING btree (lower(email))',
      'CREATE UNIQUE INDEX users_pkey ON public.users USING btree (id)',
      'users.email text C NO',
      'users.id bigint  NO',
      'users.name text C NO',
    ],
    products: [
      'CREATE UNIQUE INDEX products_name_price_unique ON public.products USING btree (name, price_cents) WHERE (sku IS NULL)',
      'CREATE UNIQUE INDEX products_pkey ON public.products USING btree (id)',
      'CREATE UNIQUE INDEX products_sku_unique ON public.products USING btree (sku)',
      'products.id bigint  NO',
      'products.name text C NO',
      'products.price_cents bigint  NO',
      'products.sku text C YES',
    ],
    orders: [
      'CREATE INDEX orders_product_id_index ON public.orders USING btree (product_id)',
      'CREATE INDEX orders_user_id_index ON public.orders USING btree (user_id)',
      'CREATE UNIQUE INDEX orders_pkey ON public.orders USING btree (id)',
      'orders.id bigint  NO',
      'orders.product_id bigint  NO',
      'orders.quantity bigint  NO',
      'orders.user_id bigint  NO',
    ],
  },
};

/** What `orders` has beside its tables of runs after its third migration, which lets a region trade. */
const REGION_SCHEMAS: Readonly<Record<EngineName, readonly string[]>> = {
  sqlite: [
    "CREATE INDEX `orders_pending_index` on `orders` (`id`) where `status` = 'pending'",
    'CREATE INDEX `orders_product_id_index` on `orders` (`product_id`)',
    'CREATE INDEX `orders_user_id_index` on `orders` (`user_id`)',
    'CREATE INDEX `outbox_event_held_index` on `outbox_event` (`aggregate_id`) where `seq` is null and `run` is not null',
    'CREATE INDEX `outbox_event_unstamped_index` on `outbox_event` (`id`) where `seq` is null',
    'CREATE TABLE `checkouts` (`id` text not null primary key, `request` text not null, `outcome` text not null, `placed_at` text not null)',
    "CREATE TABLE `orders` (`id` integer not null primary key, `user_id` integer not null, `product_id` integer not null, `quantity` integer not null, `unit_price_cents` bigint null, `placed_at` text null, `country` text null, `status` text not null default 'confirmed', `checkout_id` text null, `version` integer not null default 1)",
    'CREATE TABLE `outbox_event` (`id` integer not null primary key autoincrement, `event_id` text not null, `epoch` integer null, `seq` integer null, `type` text not null, `schema_version` integer not null, `aggregate` text not null, `aggregate_id` integer not null, `aggregate_version` integer not null, `payload` text not null, `occurred_at` text not null, `run` text null, "traceparent" text null)',
    'CREATE TABLE `relay_state` (`id` integer not null primary key, `epoch` integer not null, `next_seq` integer not null, `acked_seq` integer not null, `fence` integer not null, `lease_until` text null, `paused` integer not null, `attempts` integer not null, `next_attempt_at` text null, `last_error` text null, `snapshot` text null)',
    'CREATE TABLE `stock` (`product_id` integer not null primary key, `name` text null, `unit_price_cents` bigint not null, `on_hand` integer not null, `version` integer not null default 1, constraint `stock_on_hand_check` check (on_hand >= 0))',
    'CREATE UNIQUE INDEX `outbox_event_epoch_seq_unique` on `outbox_event` (`epoch`, `seq`) where `seq` is not null',
    'CREATE UNIQUE INDEX `outbox_event_event_id_unique` on `outbox_event` (`event_id`)',
  ],
  postgresql: [
    "CREATE INDEX orders_pending_index ON public.orders USING btree (id) WHERE (status = 'pending'::text)",
    'CREATE INDEX orders_product_id_index ON public.orders USING btree (product_id)',
    'CREATE INDEX orders_user_id_index ON public.orders USING btree (user_id)',
    'CREATE INDEX outbox_event_held_index ON public.outbox_event USING btree (aggregate_id) WHERE ((seq IS NULL) AND (run IS NOT NULL))',
    'CREATE INDEX outbox_event_unstamped_index ON public.outbox_event USING btree (id) WHERE (seq IS NULL)',
    'CREATE UNIQUE INDEX checkouts_pkey ON public.checkouts USING btree (id)',
    'CREATE UNIQUE INDEX orders_pkey ON public.orders USING btree (id)',
    'CREATE UNIQUE INDEX outbox_event_epoch_seq_unique ON public.outbox_event USING btree (epoch, seq) WHERE (seq IS NOT NULL)',
    'CREATE UNIQUE INDEX outbox_event_event_id_unique ON public.outbox_event USING btree (event_id)',
    'CREATE UNIQUE INDEX outbox_event_pkey ON public.outbox_event USING btree (id)',
    'CREATE UNIQUE INDEX relay_state_pkey ON public.relay_state USING btree (id)',
    'CREATE UNIQUE INDEX stock_pkey ON public.stock USING btree (product_id)',
    'checkouts.id text C NO',
    'checkouts.outcome text C NO',
    'checkouts.placed_at text C NO',
    'checkouts.request text C NO',
    'orders.checkout_id text C YES',
    'orders.country text C YES',
    'orders.id bigint  NO',
    'orders.placed_at text C YES',
    'orders.product_id bigint  NO',
    'orders.quantity bigint  NO',
    'orders.status text C NO',
    'orders.unit_price_cents bigint  YES',
    'orders.user_id bigint  NO',
    'orders.version bigint  NO',
    'outbox_event.aggregate text C NO',
    'outbox_event.aggregate_id bigint  NO',
    'outbox_event.aggregate_version bigint  NO',
    'outbox_event.epoch bigint  YES',
    'outbox_event.event_id text C NO',
    'outbox_event.id bigint  NO',
    'outbox_event.occurred_at text C NO',
    'outbox_event.payload text C NO',
    'outbox_event.run text C YES',
    'outbox_event.schema_version bigint  NO',
    'outbox_event.seq bigint  YES',
    'outbox_event.traceparent text C YES',
    'outbox_event.type text C NO',
    'relay_state.acked_seq bigint  NO',
    'relay_state.attempts bigint  NO',
    'relay_state.epoch bigint  NO',
    'relay_state.fence bigint  NO',
    'relay_state.id bigint  NO',
    'relay_state.last_error text C YES',
    'relay_state.lease_until text C YES',
    'relay_state.next_attempt_at text C YES',
    'relay_state.next_seq bigint  NO',
    'relay_state.paused boolean  NO',
    'relay_state.snapshot text C YES',
    'stock.name text C YES',
    'stock.on_hand bigint  NO',
    'stock.product_id bigint  NO',
    'stock.unit_price_cents bigint  NO',
    'stock.version bigint  NO',
  ],
};

/** The same after its fourth migration, which lets a checkout have details. */
const DETAILS_SCHEMAS: Readonly<Record<EngineName, readonly string[]>> = {
  sqlite: REGION_SCHEMAS.sqlite.map((sql) =>
    sql.startsWith('CREATE TABLE `checkouts`') ? sql.replace(/\)$/, ', `details` text null)') : sql,
  ),
  postgresql: [...REGION_SCHEMAS.postgresql, 'checkouts.details text C YES'],
};

/** The same after its newest migration, which says what an epoch builds on. */
const BASE_SCHEMAS: Readonly<Record<EngineName, readonly string[]>> = {
  sqlite: DETAILS_SCHEMAS.sqlite.map((sql) =>
    sql.startsWith('CREATE TABLE `relay_state`') ? sql.replace(/\)$/, ', `base` text null)') : sql,
  ),
  postgresql: [...DETAILS_SCHEMAS.postgresql, 'relay_state.base text C YES'],
};

/** What the third migration of products adds. */
const COMPONENT_SCHEMAS: Readonly<Record<EngineName, readonly string[]>> = {
  sqlite: [
    'CREATE TABLE `product_components` (`product_id` integer not null primary key, `components` text not null, `version` integer not null, `shipped_version` integer not null)',
  ],
  postgresql: [
    'CREATE UNIQUE INDEX product_components_pkey ON public.product_components USING btree (product_id)',
    'product_components.components text C NO',
    'product_components.product_id bigint  NO',
    'product_components.shipped_version bigint  NO',
    'product_components.version bigint  NO',
  ],
};

/** What the second migration of central adds. */
const QUEUE_SCHEMAS: Readonly<Record<EngineName, readonly string[]>> = {
  sqlite: [
    'CREATE TABLE `document_queue` (`region` text not null, `order_id` integer not null, `epoch` integer not null, `version` integer not null, `payload` text not null, `error` text null, primary key (`region`, `order_id`))',
  ],
  postgresql: [
    'CREATE UNIQUE INDEX document_queue_pkey ON public.document_queue USING btree (region, order_id)',
    'document_queue.epoch bigint  NO',
    'document_queue.error text C YES',
    'document_queue.order_id bigint  NO',
    'document_queue.payload text C NO',
    'document_queue.region text C NO',
    'document_queue.version bigint  NO',
  ],
};

/** What the newest migration of documents adds. */
const WATERMARK_SCHEMAS: Readonly<Record<EngineName, readonly string[]>> = {
  sqlite: [
    'CREATE TABLE `document_watermarks` (`region` text not null primary key, `epoch` integer not null, `seq` integer not null, `event_id` text null)',
  ],
  postgresql: [
    'CREATE UNIQUE INDEX document_watermarks_pkey ON public.document_watermarks USING btree (region)',
    'document_watermarks.epoch bigint  NO',
    'document_watermarks.event_id text C YES',
    'document_watermarks.region text C NO',
    'document_watermarks.seq bigint  NO',
  ],
};

/** What the first migration of documents makes. */
const DOCUMENT_SCHEMAS: Readonly<Record<EngineName, readonly string[]>> = {
  sqlite: [
    'CREATE INDEX `component_uses_product_index` on `component_uses` (`product_id`)',
    'CREATE INDEX `order_documents_placed_at_index` on `order_documents` (`placed_at`)',
    'CREATE INDEX `order_documents_user_index` on `order_documents` (`user_id`)',
    'CREATE TABLE `component_lists` (`product_id` integer not null primary key, `version` integer not null, `document` json not null)',
    'CREATE TABLE `component_uses` (`component_id` integer not null, `product_id` integer not null, primary key (`component_id`, `product_id`))',
    'CREATE TABLE `order_documents` (`region` text not null, `order_id` integer not null, `epoch` integer not null, `version` integer not null, `user_id` integer not null, `placed_at` text not null, `document` json not null, primary key (`region`, `order_id`))',
  ],
  postgresql: [
    'CREATE INDEX component_uses_product_index ON public.component_uses USING btree (product_id)',
    'CREATE INDEX order_documents_placed_at_index ON public.order_documents USING btree (placed_at)',
    'CREATE INDEX order_documents_user_index ON public.order_documents USING btree (user_id)',
    'CREATE UNIQUE INDEX component_lists_pkey ON public.component_lists USING btree (product_id)',
    'CREATE UNIQUE INDEX component_uses_pkey ON public.component_uses USING btree (component_id, product_id)',
    'CREATE UNIQUE INDEX order_documents_pkey ON public.order_documents USING btree (region, order_id)',
    'component_lists.document jsonb  NO',
    'component_lists.product_id bigint  NO',
    'component_lists.version bigint  NO',
    'component_uses.component_id bigint  NO',
    'component_uses.product_id bigint  NO',
    'order_documents.document jsonb  NO',
    'order_documents.epoch bigint  NO',
    'order_documents.order_id bigint  NO',
    'order_documents.placed_at text C NO',
    'order_documents.region text C NO',
    'order_documents.user_id bigint  NO',
    'order_documents.version bigint  NO',
  ],
};

/** What the first migration of central makes. */
const CENTRAL_SCHEMAS: Readonly<Record<EngineName, readonly string[]>> = {
  sqlite: [
    'CREATE TABLE `dead_letter` (`id` integer not null primary key autoincrement, `region` text not null, `epoch` integer not null, `seq` integer not null, `event_id` text not null, `event` text not null, `error` text not null, `attempts` integer not null, `parked_at` text null)',
    'CREATE TABLE `inbox_event` (`region` text not null, `epoch` integer not null, `seq` integer not null, `event_id` text not null, primary key (`region`, `epoch`, `seq`))',
    'CREATE TABLE `order_fact` (`region` text not null, `order_id` integer not null, `epoch` integer not null, `version` integer not null, `user_id` integer not null, `product_id` integer not null, `quantity` integer not null, `unit_price_cents` bigint null, `placed_at` text null, `country` text null, `status` text not null, `checkout_id` text null, primary key (`region`, `order_id`))',
    'CREATE TABLE `region_cursor` (`region` text not null primary key, `epoch` integer not null, `seq` integer not null, `head_seq` integer not null, `occurred_at` text null, `heard_at` text not null)',
    'CREATE TABLE `stock_fact` (`region` text not null, `product_id` integer not null, `epoch` integer not null, `version` integer not null, `name` text null, `unit_price_cents` bigint not null, `on_hand` integer not null, primary key (`region`, `product_id`))',
    'CREATE UNIQUE INDEX `dead_letter_event_unique` on `dead_letter` (`region`, `epoch`, `seq`, `event_id`)',
  ],
  postgresql: [
    'CREATE UNIQUE INDEX dead_letter_event_unique ON public.dead_letter USING btree (region, epoch, seq, event_id)',
    'CREATE UNIQUE INDEX dead_letter_pkey ON public.dead_letter USING btree (id)',
    'CREATE UNIQUE INDEX inbox_event_pkey ON public.inbox_event USING btree (region, epoch, seq)',
    'CREATE UNIQUE INDEX order_fact_pkey ON public.order_fact USING btree (region, order_id)',
    'CREATE UNIQUE INDEX region_cursor_pkey ON public.region_cursor USING btree (region)',
    'CREATE UNIQUE INDEX stock_fact_pkey ON public.stock_fact USING btree (region, product_id)',
    'dead_letter.attempts bigint  NO',
    'dead_letter.epoch bigint  NO',
    'dead_letter.error text C NO',
    'dead_letter.event text C NO',
    'dead_letter.event_id text C NO',
    'dead_letter.id bigint  NO',
    'dead_letter.parked_at text C YES',
    'dead_letter.region text C NO',
    'dead_letter.seq bigint  NO',
    'inbox_event.epoch bigint  NO',
    'inbox_event.event_id text C NO',
    'inbox_event.region text C NO',
    'inbox_event.seq bigint  NO',
    'order_fact.checkout_id text C YES',
    'order_fact.country text C YES',
    'order_fact.epoch bigint  NO',
    'order_fact.order_id bigint  NO',
    'order_fact.placed_at text C YES',
    'order_fact.product_id bigint  NO',
    'order_fact.quantity bigint  NO',
    'order_fact.region text C NO',
    'order_fact.status text C NO',
    'order_fact.unit_price_cents bigint  YES',
    'order_fact.user_id bigint  NO',
    'order_fact.version bigint  NO',
    'region_cursor.epoch bigint  NO',
    'region_cursor.head_seq bigint  NO',
    'region_cursor.heard_at text C NO',
    'region_cursor.occurred_at text C YES',
    'region_cursor.region text C NO',
    'region_cursor.seq bigint  NO',
    'stock_fact.epoch bigint  NO',
    'stock_fact.name text C YES',
    'stock_fact.on_hand bigint  NO',
    'stock_fact.product_id bigint  NO',
    'stock_fact.region text C NO',
    'stock_fact.unit_price_cents bigint  NO',
    'stock_fact.version bigint  NO',
  ],
};

/** What central has after its newest migration, which lets it say what a restore has left behind, but for the table that says whose it is. */
const RESTORED_SCHEMAS: Readonly<Record<EngineName, readonly string[]>> = {
  sqlite: [
    ...[...CENTRAL_SCHEMAS.sqlite, ...QUEUE_SCHEMAS.sqlite].map((sql) =>
      sql.startsWith('CREATE TABLE `document_queue`')
        ? sql.replace(', primary key', ', `seq` integer null, `event_id` text null, primary key')
        : sql.startsWith('CREATE TABLE `region_cursor`')
          ? sql.replace(/\)$/, ', `conflict_seq` integer null, `lacks_base` integer not null default false)')
          : sql,
    ),
    'CREATE TABLE `store_watermark` (`region` text not null primary key, `epoch` integer not null, `seq` integer not null, `event_id` text null, `is_foreign` integer not null)',
  ],
  postgresql: [
    ...CENTRAL_SCHEMAS.postgresql,
    ...QUEUE_SCHEMAS.postgresql,
    'CREATE UNIQUE INDEX store_watermark_pkey ON public.store_watermark USING btree (region)',
    'document_queue.event_id text C YES',
    'document_queue.seq bigint  YES',
    'region_cursor.conflict_seq bigint  YES',
    'region_cursor.lacks_base boolean  NO',
    'store_watermark.epoch bigint  NO',
    'store_watermark.event_id text C YES',
    'store_watermark.is_foreign boolean  NO',
    'store_watermark.region text C NO',
    'store_watermark.seq bigint  NO',
  ],
};

/** Meridian's own tables, which the migrations of earlier versions made as well. */
const OWN = /meridian_|(users|products|orders)_run(s|_batches|_rejects)/;

const ofProject = (names: readonly string[]) =>
  names.filter((name) => !OWN.test(name) && !name.startsWith('meridian.'));

/** The schema of a database after each of its migrations, without Meridian's own tables but those that stood among the project's. */
function stagesOf(engine: EngineName, name: string): string[][] {
  const stages = stagesBeforeIdentity(engine, name);
  const last = stageAfterIdentity(engine, name);
  // the last two of all: the one that made the table that says whose it is, and the one that handed the own tables over
  const all = [...stages, stages.at(-1) ?? [], ...(last === undefined ? [] : [last]), last ?? stages.at(-1) ?? []];
  return all.map((stage) => stage.toSorted());
}

function stageAfterIdentity(engine: EngineName, name: string): readonly string[] | undefined {
  const stages: Readonly<Record<string, readonly string[]>> = {
    orders: BASE_SCHEMAS[engine],
    central: RESTORED_SCHEMAS[engine],
    documents: [...DOCUMENT_SCHEMAS[engine], ...WATERMARK_SCHEMAS[engine]],
  };
  return stages[name];
}

function stagesBeforeIdentity(engine: EngineName, name: string): string[][] {
  if (name === 'central') {
    return [[...CENTRAL_SCHEMAS[engine]], [...CENTRAL_SCHEMAS[engine], ...QUEUE_SCHEMAS[engine]]];
  }
  if (name === 'documents') {
    return [[...DOCUMENT_SCHEMAS[engine]]];
  }
  const first = SCHEMAS[engine][name] ?? [];
  const later: Readonly<Record<string, readonly (readonly string[])[]>> = {
    orders: [REGION_SCHEMAS[engine], DETAILS_SCHEMAS[engine]],
    products: [[...first, ...COMPONENT_SCHEMAS[engine]]],
  };
  return [first, first, ...(later[name] ?? [])].map((stage) => [...stage]);
}

const library = pathToFileURL(join(projectRoot, 'node_modules', '@mikro-orm', 'migrations', 'index.js')).href;

function migration(name: string, up: readonly string[], down: readonly string[] = []): string {
  const add = (statements: readonly string[]) =>
    statements.map((sql) => `this.addSql(${JSON.stringify(sql)});`).join('\n');
  return `import { Migration } from '${library}';
    export class ${name} extends Migration {
      up() { ${add(up)} }
      down() { ${add(down)} }
    }`;
}

forEachEngine((makePlace, engine) => {
  describe.each([...catalog, central, documents].map((declaration) => [declaration.name, declaration] as const))(
    '%s',
    (name, declaration) => {
      const stages = stagesOf(engine, name);
      const testOnce = engine === 'sqlite' ? test : thoroughTest;

      testOnce('up, down step by step to the former schema, and up again', async () => {
        const place = await makePlace();
        const database = await open(declaration, place.options(name));
        const schema = async () => ofProject(await place.schemaOf(name));
        const status = async () => {
          const { executed, pending, drift } = await migrationStatus(database);
          return { executed, pending: ofProject(pending), drift };
        };
        const applied = ofProject(await migrateUp(database));
        expect(applied).toHaveLength(stages.length);
        expect(await schema()).toEqual(stages.at(-1));
        expect(await migrateUp(database)).toEqual([]);
        expect(await migrationStatus(database)).toMatchObject({ executed: applied, pending: [], drift: false });

        for (const [index, newest] of [...applied.entries()].reverse()) {
          expect(await migrateDown(database)).toBe(newest);
          expect(await schema()).toEqual(stages[index - 1] ?? []);
          const [executed, pending] = [applied.slice(0, index), applied.slice(index)];
          expect(await status()).toEqual({ executed, pending, drift: false });
          expect(ofProject(await migrateUp(database))).toEqual(pending);
          expect(await schema()).toEqual(stages.at(-1));
          for (const one of pending.toReversed()) {
            expect(await migrateDown(database)).toBe(one);
          }
        }
        expect(await migrateDown(database)).toBeUndefined();

        expect(ofProject(await migrateUp(database))).toEqual(applied);
        expect(await schema()).toEqual(stages.at(-1));
        expect(await migrationStatus(database)).toMatchObject({ executed: applied, pending: [], drift: false });
      });

      test('reading the status, or the pending migrations, writes nothing', async () => {
        const place = await makePlace();
        const everything = await contentsOf(place, name);
        const database = await open(declaration, { ...place.options(name), create: false });
        const { executed, pending } = await migrationStatus(database);
        expect(executed).toEqual([]);
        const listed = await pendingMigrations(database);
        expect(listed.map((one) => one.name)).toEqual(pending);
        await Promise.all(opened.splice(0).map((one) => one.close()));
        expect(await contentsOf(place, name)).toEqual(everything);
        // and it is the SQL that makes the schema
        for (const statement of listed.flatMap(({ statements }) => statements)) {
          await place.execute(name, statement);
        }
        expect(ofProject(await place.schemaOf(name))).toEqual(stages.at(-1));
      });
    },
  );

  test('an entity with a property that the snapshot does not know has drifted', async () => {
    @Entity({ tableName: 'users' })
    class UserWithNickname {
      @PrimaryKey({ type: 'integer', autoincrement: false })
      id!: number;

      @Property({ type: 'text' })
      name!: string;

      @Property({ type: 'text', collation: 'nocase' })
      @Unique()
      email!: string;

      @Property({ type: 'text', nullable: true })
      nickname: string | null = null;
    }
    const place = await makePlace();
    const same = await open(users, place.options('users'));
    await migrateUp(same);
    expect(await migrationStatus(same)).toMatchObject({ pending: [], drift: false });
    const changed = await open(
      { ...users, entities: [{ name: 'user', entity: UserWithNickname }] },
      place.options('users'),
    );
    expect(await migrationStatus(changed)).toMatchObject({ pending: [], drift: true });
  });

  test('an entity with a case-sensitive index has drifted', async () => {
    @Entity({ tableName: 'users' })
    class UserWithStrictEmail {
      @PrimaryKey({ type: 'integer', autoincrement: false })
      id!: number;

      @Property({ type: 'text' })
      name!: string;

      @Property({ type: 'text' })
      @Unique()
      email!: string;
    }
    const place = await makePlace();
    const changed = await open(
      { ...users, entities: [{ name: 'user', entity: UserWithStrictEmail }] },
      place.options('users'),
    );
    expect(await migrationStatus(changed)).toMatchObject({ drift: true });
  });

  describe('migrations of the test', () => {
    /** Where the files of the test's migrations are; they are given by name. */
    async function withMigrations(files: Readonly<Record<string, string>>) {
      const place = await makePlace();
      const migrationsDirectory = join(place.folder, 'migrations');
      mkdirSync(migrationsDirectory);
      const add = (name: string, text: string) => writeIn(place.folder, `migrations/${name}.js`, text);
      for (const [name, text] of Object.entries(files)) {
        add(name, text);
      }
      return { place, add, options: { ...place.options('users'), migrationsDirectory } };
    }

    test('a failing migration leaves the database unchanged, and is named', async () => {
      const [first, second] = ['Migration20260101000001', 'Migration20260101000002'];
      const { place, add, options } = await withMigrations({
        [first]: migration(first, ['create table a (id integer);']),
      });
      expect(ofProject(await migrateUp(await open(users, options)))).toEqual([first]);
      const before = await place.schemaOf('users');

      add(second, migration(second, ['create table b (id integer);', 'insert into nowhere values (1);']));
      const database = await open(users, options);
      await expect(migrateUp(database)).rejects.toMatchObject({
        code: 'migration',
        message: expect.stringMatching(new RegExp(`users.*${second}|${second}.*users`, 's')),
      });
      expect(await place.schemaOf('users')).toEqual(before);
      expect(await migrationStatus(database)).toMatchObject({ executed: [first], pending: [second] });
    });

    test('the newest migration cannot be reverted without its file, and no other is reverted instead', async () => {
      const names = ['Migration20260103000001', 'Migration20260103000002'];
      const { place, options } = await withMigrations(
        Object.fromEntries(
          names.map((name, index) => [
            name,
            migration(name, [`create table t${index} (id integer);`], [`drop table t${index};`]),
          ]),
        ),
      );
      expect(ofProject(await migrateUp(await open(users, options)))).toEqual(names);
      const before = await place.schemaOf('users');
      rmSync(join(place.folder, 'migrations', `${names[1]}.js`));
      const database = await open(users, options);
      await expect(migrateDown(database)).rejects.toMatchObject({
        code: 'migration',
        message: expect.stringContaining(`${names[1]}`),
      });
      expect(await place.schemaOf('users')).toEqual(before);
      expect(await migrationStatus(database)).toMatchObject({ executed: names });
    });

    test('pending migrations are listed in order, with their SQL', async () => {
      const names = ['Migration20260102000001', 'Migration20260102000002'];
      const { place, options } = await withMigrations(
        Object.fromEntries(names.map((name) => [name, migration(name, [`create table ${name} (id integer);`])])),
      );
      const pending = await pendingMigrations(await open(users, { ...options, create: false }));
      expect(ofProject(pending.map(({ name }) => name))).toEqual(names);
      for (const { name, statements } of pending.slice(0, names.length)) {
        expect(statements.join('\n')).toContain(`create table ${name}`);
      }
      expect(existsSync(fileOf(place.folder, 'users'))).toBe(false);
    });

    test('pending ones that run statements of their own run them for nothing', async () => {
      const [table, data] = ['Migration20260104000001', 'Migration20260104000002'];
      const { place, add, options } = await withMigrations({
        [table]: migration(table, ['create table a (id integer);', 'insert into a values (1);']),
      });
      await migrateUp(await open(users, options));
      add(
        data,
        `import { Migration } from '${library}';
        export class ${data} extends Migration {
          async up() {
            const [{ count }] = await this.execute('select count(*) as count from a');
            await this.execute('delete from a');
            this.addSql('insert into a values (' + (count + 41) + ');');
          }
        }`,
      );
      expect(await pendingMigrations(await open(users, options))).toEqual([
        { name: data, statements: ['select count(*) as count from a', 'delete from a', 'insert into a values (42);'] },
      ]);
      expect(await place.rowsOf('a', 'users')).toEqual([{ id: 1 }]);
    });
  });
});

/** Everything that can be seen of a database from outside. */
async function contentsOf(place: Place, name: string): Promise<unknown> {
  return place.engine === 'sqlite'
    ? digestsOf(place.folder)
    : place.execute(name, "select oid from pg_class where relname not like 'pg_toast%' order by oid");
}

describe('a file that does not exist', () => {
  test('is not needed for the status, and is not created', async () => {
    const folder = makeFolder();
    const database = await open(users, { ...locationIn(folder, 'users'), create: false });
    const { executed, pending } = await migrationStatus(database);
    expect(executed).toEqual([]);
    expect(pending).toEqual([...migrationsOf('users'), ...ownMigrationsOf('users')]);
    expect((await pendingMigrations(database)).map(({ name }) => name)).toEqual(pending);
    expect(await migrateDown(database)).toBeUndefined();
    expect(readdirSync(folder)).toEqual([]);
  });
});

test.each(['wal', 'delete'])('reading the status of a file in mode %s does not change it', async (mode) => {
  const folder = makeFolder();
  const file = new SqliteFile(fileOf(folder, 'users'));
  file.pragma(`journal_mode = ${mode}`);
  file.exec('vacuum').close();
  const before = digestsOf(folder);
  const database = await Database.open(users, { ...locationIn(folder, 'users'), create: false });
  await migrationStatus(database);
  await pendingMigrations(database);
  await database.close();
  expect(digestsOf(folder)).toEqual(before);
});
