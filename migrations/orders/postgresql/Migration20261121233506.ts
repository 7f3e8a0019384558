import { Migration } from '@mikro-orm/migrations';

export class Migration20261121233506 extends Migration {

  override name = 'Migration20261121233506';

  override up(): void | Promise<void> {
    this.addSql(`alter table "checkouts" add "details" text collate "C" null;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "checkouts" drop column "details";`);
  }

}
