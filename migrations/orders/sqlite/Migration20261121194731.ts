import { Migration } from '@mikro-orm/migrations';

export class Migration20261121194731 extends Migration {

  override name = 'Migration20261121194731';

  override up(): void | Promise<void> {
    this.addSql(`create table \`checkouts\` (\`id\` text not null primary key, \`request\` text not null, \`outcome\` text not null, \`placed_at\` text not null);`);

    this.addSql(`create table \`outbox_event\` (\`id\` integer not null primary key autoincrement, \`event_id\` text not null, \`epoch\` integer null, \`seq\` integer null, \`type\` text not null, \`schema_version\` integer not null, \`aggregate\` text not null, \`aggregate_id\` integer not null, \`aggregate_version\` integer not null, \`payload\` text not null, \`occurred_at\` text not null, \`run\` text null);`);
    this.addSql(`create unique index \`outbox_event_event_id_unique\` on \`outbox_event\` (\`event_id\`);`);
    this.addSql(`create index \`outbox_event_held_index\` on \`outbox_event\` (\`aggregate_id\`) where \`seq\` is null and \`run\` is not null;`);
    this.addSql(`create index \`outbox_event_unstamped_index\` on \`outbox_event\` (\`id\`) where \`seq\` is null;`);
    this.addSql(`create unique index \`outbox_event_epoch_seq_unique\` on \`outbox_event\` (\`epoch\`, \`seq\`) where \`seq\` is not null;`);

    this.addSql(`create table \`relay_state\` (\`id\` integer not null primary key, \`epoch\` integer not null, \`next_seq\` integer not null, \`acked_seq\` integer not null, \`fence\` integer not null, \`lease_until\` text null, \`paused\` integer not null, \`attempts\` integer not null, \`next_attempt_at\` text null, \`last_error\` text null, \`snapshot\` text null);`);

    this.addSql(`create table \`stock\` (\`product_id\` integer not null primary key, \`name\` text null, \`unit_price_cents\` bigint not null, \`on_hand\` integer not null, \`version\` integer not null default 1, constraint \`stock_on_hand_check\` check (on_hand >= 0));`);

    this.addSql(`alter table \`orders\` add column \`unit_price_cents\` bigint null;`);
    this.addSql(`alter table \`orders\` add column \`placed_at\` text null;`);
    this.addSql(`alter table \`orders\` add column \`country\` text null;`);
    this.addSql(`alter table \`orders\` add column \`status\` text not null default 'confirmed';`);
    this.addSql(`alter table \`orders\` add column \`checkout_id\` text null;`);
    this.addSql(`alter table \`orders\` add column \`version\` integer not null default 1;`);
    this.addSql(`create index \`orders_pending_index\` on \`orders\` (\`id\`) where \`status\` = 'pending';`);

    // the one row that says how far the relay is
    this.addSql(`insert into \`relay_state\` (\`id\`, \`epoch\`, \`next_seq\`, \`acked_seq\`, \`fence\`, \`paused\`, \`attempts\`) values (1, 1, 1, 0, 0, 0, 0);`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists \`checkouts\`;`);
    this.addSql(`drop table if exists \`outbox_event\`;`);
    this.addSql(`drop table if exists \`relay_state\`;`);
    this.addSql(`drop table if exists \`stock\`;`);

    this.addSql(`drop index \`orders_pending_index\`;`);
    this.addSql(`alter table \`orders\` drop column \`unit_price_cents\`;`);
    this.addSql(`alter table \`orders\` drop column \`placed_at\`;`);
    this.addSql(`alter table \`orders\` drop column \`country\`;`);
    this.addSql(`alter table \`orders\` drop column \`status\`;`);
    this.addSql(`alter table \`orders\` drop column \`checkout_id\`;`);
    this.addSql(`alter table \`orders\` drop column \`version\`;`);
  }

}
