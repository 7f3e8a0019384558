import { Migration } from '@mikro-orm/migrations';

export class Migration20261121135605 extends Migration {

  override name = 'Migration20261121135605';

  override up(): void | Promise<void> {
    this.addSql(`create table "products" ("id" bigint not null, "sku" text collate "C" null, "name" text collate "C" not null, "price_cents" bigint not null, primary key ("id"));`);
    this.addSql(`alter table "products" add constraint "products_sku_unique" unique ("sku");`);
    this.addSql(`create unique index "products_name_price_unique" on "products" ("name", "price_cents") where "sku" is null;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "products" cascade;`);
  }

}
