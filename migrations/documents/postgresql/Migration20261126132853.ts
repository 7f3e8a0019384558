import { Migration } from '@mikro-orm/migrations';

export class Migration20261126132853 extends Migration {

  override name = 'Migration20261126132853';

  override up(): void | Promise<void> {
    this.addSql(`create table "meridian_identity_documents" ("id" bigint not null, "name" text collate "C" not null, primary key ("id"));`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "meridian_identity_documents" cascade;`);
  }

}
