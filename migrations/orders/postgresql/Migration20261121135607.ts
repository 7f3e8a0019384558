import { Migration } from '@mikro-orm/migrations';

export class Migration20261121135607 extends Migration {

  override name = 'Migration20261121135607';

  override up(): void | Promise<void> {
    this.addSql(`create table "orders" ("id" bigint not null, "user_id" bigint not null, "product_id" bigint not null, "quantity" bigint not null, primary key ("id"));`);
    this.addSql(`create index "orders_user_id_index" on "orders" ("user_id");`);
    this.addSql(`create index "orders_product_id_index" on "orders" ("product_id");`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "orders" cascade;`);
  }

}
