/** The schemas that the migrations of the shop's databases make, one after the other, in the words of each engine. */
import type { EngineName } from '../support/engines.ts';

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

export const ofProject = (names: readonly string[]) =>
  names.filter((name) => !OWN.test(name) && !name.startsWith('meridian.'));

/** The schema of a database after each of its migrations, without Meridian's own tables but those that stood among the project's. */
export function stagesOf(engine: EngineName, name: string): string[][] {
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
