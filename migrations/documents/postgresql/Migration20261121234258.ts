import { Migration } from '@mikro-orm/migrations';

export class Migration20261121234258 extends Migration {

  override name = 'Migration20261121234258';

  override up(): void | Promise<void> {
    this.addSql(`create table "component_lists" ("product_id" bigint not null, "version" bigint not null, "document" jsonb not null, primary key ("product_id"));`);

    this.addSql(`create table "component_uses" ("component_id" bigint not null, "product_id" bigint not null, primary key ("component_id", "product_id"));`);
    this.addSql(`create index "component_uses_product_index" on "component_uses" ("product_id");`);

    this.addSql(`create table "order_documents" ("region" text collate "C" not null, "order_id" bigint not null, "epoch" bigint not null, "version" bigint not null, "user_id" bigint not null, "placed_at" text collate "C" not null, "document" jsonb not null, primary key ("region", "order_id"));`);
    this.addSql(`create index "order_documents_placed_at_index" on "order_documents" ("placed_at");`);
    this.addSql(`create index "order_documents_user_index" on "order_documents" ("user_id");`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "component_lists" cascade;`);
    this.addSql(`drop table if exists "component_uses" cascade;`);
    this.addSql(`drop table if exists "order_documents" cascade;`);
  }

}
