import { Migration } from '@mikro-orm/migrations';

export class Migration20261121233459 extends Migration {

  override name = 'Migration20261121233459';

  override up(): void | Promise<void> {
    this.addSql(`alter table \`checkouts\` add column \`details\` text null;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table \`checkouts\` drop column \`details\`;`);
  }

}
