import { Migration } from '@mikro-orm/migrations';

export class Migration20260101000000 extends Migration {
  override up(): void {
    this.addSql(
      'create table `reviews` (`id` integer not null primary key, `user_id` integer not null, `product_id` integer not null, `stars` integer not null, `text` text not null, `written_at` datetime not null, `verified` integer null);',
    );
    this.addSql('create unique index `reviews_user_id_product_id_unique` on `reviews` (`user_id`, `product_id`);');
    this.addSql(
      `create table \`reviews_runs\` (\`id\` text not null primary key, \`source\` text not null, \`content\` text null, \`settings\` text not null, \`databases\` text not null, \`state\` text not null, \`read\` integer not null, \`inserted\` integer not null, \`updated\` integer not null, \`unchanged\` integer not null, \`rejected\` integer not null, \`reasons\` text not null, \`details\` text null, \`seconds\` double not null, \`failure\` text null, \`indexes\` text null, \`started_at\` text not null, \`updated_at\` text not null);`,
    );
    this.addSql(
      `create table \`reviews_run_batches\` (\`first_number\` integer not null primary key, \`outcomes\` text not null, \`ids\` text not null, \`before\` text null);`,
    );
    this.addSql(
      `create table \`reviews_run_rejects\` (\`number\` integer not null primary key, \`line\` integer not null, \`record\` text not null, \`errors\` text not null);`,
    );
  }

  override down(): void {
    this.addSql('drop table `reviews`;');
  }
}
