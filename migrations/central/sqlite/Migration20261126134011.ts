import { Migration } from '@mikro-orm/migrations';

export class Migration20261126134011 extends Migration {

  override name = 'Migration20261126134011';

  override up(): void | Promise<void> {
    this.addSql(`create table \`store_watermark\` (\`region\` text not null primary key, \`epoch\` integer not null, \`seq\` integer not null, \`event_id\` text null, \`is_foreign\` integer not null);`);

    this.addSql(`alter table \`document_queue\` add column \`seq\` integer null;`);
    this.addSql(`alter table \`document_queue\` add column \`event_id\` text null;`);

    this.addSql(`alter table \`region_cursor\` add column \`conflict_seq\` integer null;`);
    this.addSql(`alter table \`region_cursor\` add column \`lacks_base\` integer not null default false;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists \`store_watermark\`;`);

    this.addSql(`alter table \`document_queue\` drop column \`seq\`;`);
    this.addSql(`alter table \`document_queue\` drop column \`event_id\`;`);

    this.addSql(`alter table \`region_cursor\` drop column \`conflict_seq\`;`);
    this.addSql(`alter table \`region_cursor\` drop column \`lacks_base\`;`);
  }

}
