import { Migration } from '@mikro-orm/migrations';

export class Migration20261126134040 extends Migration {

  override name = 'Migration20261126134040';

  override up(): void | Promise<void> {
    this.addSql(`create table "document_watermarks" ("region" text collate "C" not null, "epoch" bigint not null, "seq" bigint not null, "event_id" text collate "C" null, primary key ("region"));`);

    // of what is there already, only the epochs are known
    this.addSql(`insert into "document_watermarks" ("region", "epoch", "seq") select "region", max("epoch"), 0 from "order_documents" group by "region";`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "document_watermarks" cascade;`);
  }

}
