import { Migration } from '@mikro-orm/migrations';

export class Migration20261126132847 extends Migration {

  override name = 'Migration20261126132847';

  override up(): void | Promise<void> {
    this.addSql(`create table "meridian_identity_orders" ("id" bigint not null, "name" text collate "C" not null, primary key ("id"));`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "meridian_identity_orders" cascade;`);
  }

}
