import { Migration } from '@mikro-orm/migrations';

export class Migration20261121194734 extends Migration {

  override name = 'Migration20261121194734';

  override up(): void | Promise<void> {
    this.addSql(`create table \`dead_letter\` (\`id\` integer not null primary key autoincrement, \`region\` text not null, \`epoch\` integer not null, \`seq\` integer not null, \`event_id\` text not null, \`event\` text not null, \`error\` text not null, \`attempts\` integer not null, \`parked_at\` text null);`);
    this.addSql(`create unique index \`dead_letter_event_unique\` on \`dead_letter\` (\`region\`, \`epoch\`, \`seq\`, \`event_id\`);`);

    this.addSql(`create table \`inbox_event\` (\`region\` text not null, \`epoch\` integer not null, \`seq\` integer not null, \`event_id\` text not null, primary key (\`region\`, \`epoch\`, \`seq\`));`);

    this.addSql(`create table \`order_fact\` (\`region\` text not null, \`order_id\` integer not null, \`epoch\` integer not null, \`version\` integer not null, \`user_id\` integer not null, \`product_id\` integer not null, \`quantity\` integer not null, \`unit_price_cents\` bigint null, \`placed_at\` text null, \`country\` text null, \`status\` text not null, \`checkout_id\` text null, primary key (\`region\`, \`order_id\`));`);

    this.addSql(`create table \`region_cursor\` (\`region\` text not null primary key, \`epoch\` integer not null, \`seq\` integer not null, \`head_seq\` integer not null, \`occurred_at\` text null, \`heard_at\` text not null);`);

    this.addSql(`create table \`stock_fact\` (\`region\` text not null, \`product_id\` integer not null, \`epoch\` integer not null, \`version\` integer not null, \`name\` text null, \`unit_price_cents\` bigint not null, \`on_hand\` integer not null, primary key (\`region\`, \`product_id\`));`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists \`dead_letter\`;`);
    this.addSql(`drop table if exists \`inbox_event\`;`);
    this.addSql(`drop table if exists \`order_fact\`;`);
    this.addSql(`drop table if exists \`region_cursor\`;`);
    this.addSql(`drop table if exists \`stock_fact\`;`);
  }

}
