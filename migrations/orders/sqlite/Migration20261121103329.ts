import { Migration } from '@mikro-orm/migrations';

export class Migration20261121103329 extends Migration {

  override name = 'Migration20261121103329';

  override up(): void | Promise<void> {
    this.addSql(`create table \`orders\` (\`id\` integer not null primary key, \`user_id\` integer not null, \`product_id\` integer not null, \`quantity\` integer not null);`);
    this.addSql(`create index \`orders_user_id_index\` on \`orders\` (\`user_id\`);`);
    this.addSql(`create index \`orders_product_id_index\` on \`orders\` (\`product_id\`);`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists \`orders\`;`);
  }

}
