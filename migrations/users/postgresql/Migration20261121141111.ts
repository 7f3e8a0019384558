import { Migration } from '@mikro-orm/migrations';

export class Migration20261121141111 extends Migration {

  override name = 'Migration20261121141111';

  override up(): void | Promise<void> {
    this.addSql(`create table "users" ("id" bigint not null, "name" text collate "C" not null, "email" text collate "C" not null, primary key ("id"));`);
    this.addSql(`create unique index "users_email_nocase_unique" on "users" (lower("email"));`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "users" cascade;`);
  }

}
