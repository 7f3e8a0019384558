import { Migration } from '@mikro-orm/migrations';

export class Migration20261121233522 extends Migration {

  override name = 'Migration20261121233522';

  override up(): void | Promise<void> {
    this.addSql(`create table \`document_queue\` (\`region\` text not null, \`order_id\` integer not null, \`epoch\` integer not null, \`version\` integer not null, \`payload\` text not null, \`error\` text null, primary key (\`region\`, \`order_id\`));`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists \`document_queue\`;`);
  }

}
