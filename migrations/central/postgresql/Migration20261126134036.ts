import { Migration } from '@mikro-orm/migrations';

export class Migration20261126134036 extends Migration {

  override name = 'Migration20261126134036';

  override up(): void | Promise<void> {
    this.addSql(`create table "store_watermark" ("region" text collate "C" not null, "epoch" bigint not null, "seq" bigint not null, "event_id" text collate "C" null, "is_foreign" boolean not null, primary key ("region"));`);

    this.addSql(`alter table "document_queue" add "seq" bigint null, add "event_id" text collate "C" null;`);

    this.addSql(`alter table "region_cursor" add "conflict_seq" bigint null, add "lacks_base" boolean not null default false;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "store_watermark" cascade;`);

    this.addSql(`alter table "document_queue" drop column "seq", drop column "event_id";`);

    this.addSql(`alter table "region_cursor" drop column "conflict_seq", drop column "lacks_base";`);
  }

}
