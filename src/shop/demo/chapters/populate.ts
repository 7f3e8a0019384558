/** Users and products are loaded, each into its own database. */
import { join } from 'node:path';
import { loadSamples } from '../../../databases.ts';
import { products, users } from '../../catalog.ts';
import { type Chapter, claim } from '../chapter.ts';

export const populate: Chapter = {
  title: 'Users and products are loaded',
  shows: 'a database for each service, and only valid records',
  commands: ['npx meridian populate'],
  async play({ folder, databaseOptions }) {
    // orders are placed in later chapters
    const report = await loadSamples([users, products], { rejectsDirectory: join(folder, 'rejects'), databaseOptions });
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
