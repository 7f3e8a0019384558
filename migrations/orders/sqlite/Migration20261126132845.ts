import { Migration } from '@mikro-orm/migrations';

export class Migration20261126132845 extends Migration {

  override name = 'Migration20261126132845';

  override up(): void | Promise<void> {
    this.addSql(`create table \`meridian_identity_orders\` (\`id\` integer not null primary key, \`name\` text not null);`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists \`meridian_identity_orders\`;`);
  }

}
