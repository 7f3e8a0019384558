import { Migration } from '@mikro-orm/migrations';

export class Migration20261121194735 extends Migration {

  override name = 'Migration20261121194735';

  override up(): void | Promise<void> {
    this.addSql(`create table "dead_letter" ("id" bigserial primary key, "region" text collate "C" not null, "epoch" bigint not null, "seq" bigint not null, "event_id" text collate "C" not null, "event" text collate "C" not null, "error" text collate "C" not null, "attempts" bigint not null, "parked_at" text collate "C" null);`);
    this.addSql(`alter table "dead_letter" add constraint "dead_letter_event_unique" unique ("region", "epoch", "seq", "event_id");`);

    this.addSql(`create table "inbox_event" ("region" text collate "C" not null, "epoch" bigint not null, "seq" bigint not null, "event_id" text collate "C" not null, primary key ("region", "epoch", "seq"));`);

    this.addSql(`create table "order_fact" ("region" text collate "C" not null, "order_id" bigint not null, "epoch" bigint not null, "version" bigint not null, "user_id" bigint not null, "product_id" bigint not null, "quantity" bigint not null, "unit_price_cents" bigint null, "placed_at" text collate "C" null, "country" text collate "C" null, "status" text collate "C" not null, "checkout_id" text collate "C" null, primary key ("region", "order_id"));`);

    this.addSql(`create table "region_cursor" ("region" text collate "C" not null, "epoch" bigint not null, "seq" bigint not null, "head_seq" bigint not null, "occurred_at" text collate "C" null, "heard_at" text collate "C" not null, primary key ("region"));`);

    this.addSql(`create table "stock_fact" ("region" text collate "C" not null, "product_id" bigint not null, "epoch" bigint not null, "version" bigint not null, "name" text collate "C" null, "unit_price_cents" bigint not null, "on_hand" bigint not null, primary key ("region", "product_id"));`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "dead_letter" cascade;`);
    this.addSql(`drop table if exists "inbox_event" cascade;`);
    this.addSql(`drop table if exists "order_fact" cascade;`);
    this.addSql(`drop table if exists "region_cursor" cascade;`);
    this.addSql(`drop table if exists "stock_fact" cascade;`);
  }

}
