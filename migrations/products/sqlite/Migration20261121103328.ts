import { Migration } from '@mikro-orm/migrations';

export class Migration20261121103328 extends Migration {

  override name = 'Migration20261121103328';

  override up(): void | Promise<void> {
    this.addSql(`create table \`products\` (\`id\` integer not null primary key, \`sku\` text null, \`name\` text not null, \`price_cents\` bigint not null);`);
    this.addSql(`create unique index \`products_sku_unique\` on \`products\` (\`sku\`);`);
    this.addSql(`create unique index \`products_name_price_unique\` on \`products\` (\`name\`, \`price_cents\`) where \`sku\` is null;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists \`products\`;`);
  }

}
