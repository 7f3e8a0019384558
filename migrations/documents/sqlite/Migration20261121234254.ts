import { Migration } from '@mikro-orm/migrations';

export class Migration20261121234254 extends Migration {

  override name = 'Migration20261121234254';

  override up(): void | Promise<void> {
    this.addSql(`create table \`component_lists\` (\`product_id\` integer not null primary key, \`version\` integer not null, \`document\` json not null);`);

    this.addSql(`create table \`component_uses\` (\`component_id\` integer not null, \`product_id\` integer not null, primary key (\`component_id\`, \`product_id\`));`);
    this.addSql(`create index \`component_uses_product_index\` on \`component_uses\` (\`product_id\`);`);

    this.addSql(`create table \`order_documents\` (\`region\` text not null, \`order_id\` integer not null, \`epoch\` integer not null, \`version\` integer not null, \`user_id\` integer not null, \`placed_at\` text not null, \`document\` json not null, primary key (\`region\`, \`order_id\`));`);
    this.addSql(`create index \`order_documents_placed_at_index\` on \`order_documents\` (\`placed_at\`);`);
    this.addSql(`create index \`order_documents_user_index\` on \`order_documents\` (\`user_id\`);`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists \`component_lists\`;`);
    this.addSql(`drop table if exists \`component_uses\`;`);
    this.addSql(`drop table if exists \`order_documents\`;`);
  }

}
