import { Migration } from '@mikro-orm/migrations';

export class Migration20261121142557 extends Migration {

  override name = 'Migration20261121142557';

  override up(): void | Promise<void> {
    this.addSql(`create table "orders_runs" ("id" text collate "C" not null, "source" text collate "C" not null, "content" text collate "C" null, "settings" text collate "C" not null, "databases" text collate "C" not null, "state" text collate "C" not null, "read" bigint not null, "inserted" bigint not null, "updated" bigint not null, "unchanged" bigint not null, "rejected" bigint not null, "reasons" text collate "C" not null, "details" text collate "C" null, "seconds" double precision not null, "failure" text collate "C" null, "indexes" text collate "C" null, "started_at" text collate "C" not null, "updated_at" text collate "C" not null, primary key ("id"));`);

    this.addSql(`create table "orders_run_batches" ("first_number" bigint not null, "outcomes" text collate "C" not null, "ids" text collate "C" not null, "before" text collate "C" null, primary key ("first_number"));`);

    this.addSql(`create table "orders_run_rejects" ("number" bigint not null, "line" bigint not null, "record" text collate "C" not null, "errors" text collate "C" not null, primary key ("number"));`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "orders_runs" cascade;`);
    this.addSql(`drop table if exists "orders_run_batches" cascade;`);
    this.addSql(`drop table if exists "orders_run_rejects" cascade;`);
  }

}
