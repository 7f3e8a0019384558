/** Users and products are loaded, each into its own database. */
import { join } from 'node:path';
import { allTables } from '../../../database/declaration.ts';
import { populate as load } from '../../../populate/populate.ts';
import { fileSource } from '../../../populate/read/file.ts';
import { catalog, orders } from '../../catalog.ts';
import { type Chapter, claim } from '../chapter.ts';

/** Orders are placed in the story itself. */
const LOADED = allTables(catalog).filter(({ name }) => name !== orders.name);

export const populate: Chapter = {
  title: 'Users and products are loaded',
  shows: 'a database for each service, and only valid records',
  commands: ['npx meridian populate'],
  async play({ folder, databaseOptions }) {
    const sources = LOADED.map(({ name, entity: { sample = '' } }) => [name, fileSource(sample)] as const);
    const report = await load({
      catalog,
      sources: Object.fromEntries(sources),
      rejectsDirectory: join(folder, 'rejects'),
      databaseOptions,
    });
    const databases = Object.entries(report.databases).map(([database, { read, inserted, rejected, failure }]) => {
      claim(failure === undefined, `${database} were loaded`);
      claim(inserted + rejected === read, `every record of ${database} was either inserted or rejected`);
      return { database, read, inserted, rejected };
    });
    const outcomes = databases.map(({ database, read, inserted, rejected }) => {
      return `of ${read} ${database}, ${inserted} were inserted and ${rejected} were rejected`;
    });
    return {
      sentences: [
        `Two databases were loaded at the same time: ${outcomes.join('; ')}.`,
        'No foreign key and no transaction can span the two. Meridian checks the references itself.',
      ],
      result: { databases },
    };
  },
};
