import { Migration } from '@mikro-orm/migrations';

export class Migration20261121233512 extends Migration {

  override name = 'Migration20261121233512';

  override up(): void | Promise<void> {
    this.addSql(`create table \`product_components\` (\`product_id\` integer not null primary key, \`components\` text not null, \`version\` integer not null, \`shipped_version\` integer not null);`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists \`product_components\`;`);
  }

}
