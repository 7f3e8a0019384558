import { Migration } from '@mikro-orm/migrations';

export class Migration20261126134014 extends Migration {

  override name = 'Migration20261126134014';

  override up(): void | Promise<void> {
    this.addSql(`create table \`document_watermarks\` (\`region\` text not null primary key, \`epoch\` integer not null, \`seq\` integer not null, \`event_id\` text null);`);

    // of what is there already, only the epochs are known
    this.addSql(`insert into \`document_watermarks\` (\`region\`, \`epoch\`, \`seq\`) select \`region\`, max(\`epoch\`), 0 from \`order_documents\` group by \`region\`;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists \`document_watermarks\`;`);
  }

}
