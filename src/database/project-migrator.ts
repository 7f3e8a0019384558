/** The migrator of a project's database, which also maintains Meridian's own tables. */
import type { Transaction } from '@mikro-orm/core';
import type { MikroORM } from '@mikro-orm/sql';
import { MeridianError } from '../shared/errors.ts';
import { checkIdentity, claim, type OpenedDatabase } from './identity.ts';
import { DatabaseMigrator } from './mikro-orm-migrator.ts';
import { applyOwnMigrations, forgetOwnMigrations } from './own-migrations.ts';

/**
 * The migrator, including for MikroORM's command line. It refuses databases of other declarations, and writes the name of its own into a
 * database without an owner. After the project's migrations, it applies those of Meridian's own tables.
 */
export function migratorFor(opened: OpenedDatabase): typeof DatabaseMigrator {
  // unless an extension has exactly this name, MikroORM's command line registers its own migrator instead
  return class Migrator extends DatabaseMigrator {
    static override register(orm: MikroORM): void {
      orm.config.registerExtension('@mikro-orm/migrator', () => new Migrator(orm.em));
    }

    protected override async runMigrations(
      ...[method, options]: Parameters<DatabaseMigrator['runMigrations']>
    ): ReturnType<DatabaseMigrator['runMigrations']> {
      await checkIdentity(this.em.fork(), opened);
      if (method === 'down') {
        return this.#withoutForeignKeys(() => super.runMigrations(method, options));
      }
      const migrations = await super.runMigrations(method, options);
      const own = await applyOwnMigrations(this.em.fork(), opened);
      await claim(this.em.fork(), opened);
      return [...migrations, ...own.map((name) => ({ name }))];
    }

    protected override async afterDown(transaction: Transaction | undefined): Promise<void> {
      const em = this.em.fork();
      if (transaction !== undefined) {
        em.setTransactionContext(transaction);
      }
      await forgetOwnMigrations(em, opened);
      if (opened.engine.location.engine !== 'sqlite') {
        return;
      }
      const [row] = await this.driver.execute<{ table: string; parent: string }[]>(
        'pragma foreign_key_check',
        [],
        'all',
        transaction,
      );
      if (row !== undefined) {
        throw new MeridianError(
          'migration',
          `${opened.declaration.name}: rows of ${row.table} refer to rows of ${row.parent} that would be gone. Delete them first, or revert the migration of ${row.table} as well.`,
        );
      }
    }

    /**
     * Disables foreign keys: SQLite deletes the rows of a table that is dropped, to which rows of tables that are dropped later may refer.
     * `afterDown` checks the keys.
     */
    async #withoutForeignKeys<T>(work: () => Promise<T>): Promise<T> {
      if (opened.engine.location.engine !== 'sqlite') {
        return work();
      }
      await this.driver.execute('pragma foreign_keys = off');
      try {
        return await work();
      } finally {
        await this.driver.execute('pragma foreign_keys = on');
      }
    }
  };
}
