import { Migration } from '@mikro-orm/migrations';

export class Migration20260101000000 extends Migration {
  override up(): void {
    this.addSql(
      'create table `reviews` (`id` integer not null primary key, `user_id` integer not null, `product_id` integer not null, `stars` integer not null, `text` text not null, `written_at` datetime not null, `verified` integer null);',
    );
    this.addSql('create unique index `reviews_user_id_product_id_unique` on `reviews` (`user_id`, `product_id`);');
  }

  override down(): void {
    this.addSql('drop table `reviews`;');
  }
}
