import { Migration } from '@mikro-orm/migrations';

export class Migration20261121103327 extends Migration {

  override name = 'Migration20261121103327';

  override up(): void | Promise<void> {
    this.addSql(`create table \`users\` (\`id\` integer not null primary key, \`name\` text not null, \`email\` text collate nocase not null);`);
    this.addSql(`create unique index \`users_email_unique\` on \`users\` (\`email\`);`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists \`users\`;`);
  }

}
