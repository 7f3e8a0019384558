import { Migration } from '@mikro-orm/migrations';

export class Migration20260101000000 extends Migration {
  override up(): void {
    this.addSql(
      'create table "reviews" ("id" bigint not null primary key, "user_id" bigint not null, "product_id" bigint not null, "stars" bigint not null, "text" text collate "C" not null, "written_at" timestamptz not null, "verified" boolean null);',
    );
    this.addSql('create unique index "reviews_user_id_product_id_unique" on "reviews" ("user_id", "product_id");');
    this.addSql(
      `create table "reviews_runs" ("id" text collate "C" not null primary key, "source" text not null, "content" text null, "settings" text not null, "databases" text not null, "state" text not null, "read" bigint not null, "inserted" bigint not null, "updated" bigint not null, "unchanged" bigint not null, "rejected" bigint not null, "reasons" text not null, "details" text null, "seconds" double precision not null, "failure" text null, "indexes" text null, "started_at" text not null, "updated_at" text not null);`,
    );
    this.addSql(
      `create table "reviews_run_batches" ("first_number" bigint not null primary key, "outcomes" text not null, "ids" text not null, "before" text null);`,
    );
    this.addSql(
      `create table "reviews_run_rejects" ("number" bigint not null primary key, "line" bigint not null, "record" text not null, "errors" text not null);`,
    );
  }

  override down(): void {
    this.addSql('drop table "reviews";');
  }
}
