import { Migration } from '@mikro-orm/migrations';

export class Migration20261121194733 extends Migration {

  override name = 'Migration20261121194733';

  override up(): void | Promise<void> {
    this.addSql(`create table "checkouts" ("id" text collate "C" not null, "request" text collate "C" not null, "outcome" text collate "C" not null, "placed_at" text collate "C" not null, primary key ("id"));`);

    this.addSql(`create table "outbox_event" ("id" bigserial primary key, "event_id" text collate "C" not null, "epoch" bigint null, "seq" bigint null, "type" text collate "C" not null, "schema_version" bigint not null, "aggregate" text collate "C" not null, "aggregate_id" bigint not null, "aggregate_version" bigint not null, "payload" text collate "C" not null, "occurred_at" text collate "C" not null, "run" text collate "C" null);`);
    this.addSql(`alter table "outbox_event" add constraint "outbox_event_event_id_unique" unique ("event_id");`);
    this.addSql(`create index "outbox_event_held_index" on "outbox_event" ("aggregate_id") where "seq" is null and "run" is not null;`);
    this.addSql(`create index "outbox_event_unstamped_index" on "outbox_event" ("id") where "seq" is null;`);
    this.addSql(`create unique index "outbox_event_epoch_seq_unique" on "outbox_event" ("epoch", "seq") where "seq" is not null;`);

    this.addSql(`create table "relay_state" ("id" bigint not null, "epoch" bigint not null, "next_seq" bigint not null, "acked_seq" bigint not null, "fence" bigint not null, "lease_until" text collate "C" null, "paused" boolean not null, "attempts" bigint not null, "next_attempt_at" text collate "C" null, "last_error" text collate "C" null, "snapshot" text collate "C" null, primary key ("id"));`);

    this.addSql(`create table "stock" ("product_id" bigint not null, "name" text collate "C" null, "unit_price_cents" bigint not null, "on_hand" bigint not null, "version" bigint not null default 1, primary key ("product_id"));`);

    this.addSql(`alter table "orders" add "unit_price_cents" bigint null, add "placed_at" text collate "C" null, add "country" text collate "C" null, add "status" text collate "C" not null default 'confirmed', add "checkout_id" text collate "C" null, add "version" bigint not null default 1;`);
    this.addSql(`create index "orders_pending_index" on "orders" ("id") where "status" = 'pending';`);

    this.addSql(`alter table "stock" add constraint "stock_on_hand_check" check (on_hand >= 0);`);

    // the one row that says how far the relay is
    this.addSql(`insert into "relay_state" ("id", "epoch", "next_seq", "acked_seq", "fence", "paused", "attempts") values (1, 1, 1, 0, 0, false, 0);`);

    // the ids of orders that are placed here; SQLite, where one transaction writes at a time, takes the next free one
    this.addSql(`create sequence "orders_id_seq";`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "checkouts" cascade;`);
    this.addSql(`drop table if exists "outbox_event" cascade;`);
    this.addSql(`drop table if exists "relay_state" cascade;`);
    this.addSql(`drop table if exists "stock" cascade;`);
    this.addSql(`drop sequence if exists "orders_id_seq";`);

    this.addSql(`drop index "orders_pending_index";`);
    this.addSql(`alter table "orders" drop column "unit_price_cents", drop column "placed_at", drop column "country", drop column "status", drop column "checkout_id", drop column "version";`);
  }

}
