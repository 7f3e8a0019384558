import { Migration } from '@mikro-orm/migrations';

/** From here on, Meridian's own tables have migrations of their own, which keep what is in them. */
export class Migration20261126235732 extends Migration {

  override name = 'Migration20261126235732';

  override up(): void | Promise<void> {}

  override down(): void | Promise<void> {}

}
