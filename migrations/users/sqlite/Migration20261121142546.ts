import { Migration } from '@mikro-orm/migrations';

export class Migration20261121142546 extends Migration {

  override name = 'Migration20261121142546';

  override up(): void | Promise<void> {
    this.addSql(`create table \`users_runs\` (\`id\` text not null primary key, \`source\` text not null, \`content\` text null, \`settings\` text not null, \`databases\` text not null, \`state\` text not null, \`read\` integer not null, \`inserted\` integer not null, \`updated\` integer not null, \`unchanged\` integer not null, \`rejected\` integer not null, \`reasons\` text not null, \`details\` text null, \`seconds\` double not null, \`failure\` text null, \`indexes\` text null, \`started_at\` text not null, \`updated_at\` text not null);`);

    this.addSql(`create table \`users_run_batches\` (\`first_number\` integer not null primary key, \`outcomes\` text not null, \`ids\` text not null, \`before\` text null);`);

    this.addSql(`create table \`users_run_rejects\` (\`number\` integer not null primary key, \`line\` integer not null, \`record\` text not null, \`errors\` text not null);`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists \`users_runs\`;`);
    this.addSql(`drop table if exists \`users_run_batches\`;`);
    this.addSql(`drop table if exists \`users_run_rejects\`;`);
  }

}
