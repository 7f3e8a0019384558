import { Migration } from '@mikro-orm/migrations';

export class Migration20261121233517 extends Migration {

  override name = 'Migration20261121233517';

  override up(): void | Promise<void> {
    this.addSql(`create table "product_components" ("product_id" bigint not null, "components" text collate "C" not null, "version" bigint not null, "shipped_version" bigint not null, primary key ("product_id"));`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "product_components" cascade;`);
  }

}
