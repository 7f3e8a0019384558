import { Migration } from '@mikro-orm/migrations';

export class Migration20261121233529 extends Migration {

  override name = 'Migration20261121233529';

  override up(): void | Promise<void> {
    this.addSql(`create table "document_queue" ("region" text collate "C" not null, "order_id" bigint not null, "epoch" bigint not null, "version" bigint not null, "payload" text collate "C" not null, "error" text collate "C" null, primary key ("region", "order_id"));`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "document_queue" cascade;`);
  }

}
