import { Migration } from '@mikro-orm/migrations';

export class Migration20260101000000 extends Migration {
  override up(): void {
    this.addSql(
      'create table "reviews" ("id" bigint not null primary key, "user_id" bigint not null, "product_id" bigint not null, "stars" bigint not null, "text" text collate "C" not null, "written_at" timestamptz not null, "verified" boolean null);',
    );
    this.addSql('create unique index "reviews_user_id_product_id_unique" on "reviews" ("user_id", "product_id");');
  }

  override down(): void {
    this.addSql('drop table "reviews";');
  }
}
