/**
 * Run as a process of its own: loads users and parcels, each in a thread, and prints what became of them:
 * `node dist/test/populate/relations/threaded-parcels.js <folder with the files> <migrations of the parcels>`
 * The URLs of the databases are in the environment. Jest has modules of its own, which no thread finds.
 */
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { populate } from '../../../src/populate/populate.ts';
import { fileSource } from '../../../src/populate/read/file.ts';
import { parcelCatalog } from './parcel-catalog.ts';
import { parcelFiles } from './parcel-files.ts';

const [folder = '', migrationsDirectory = ''] = process.argv.slice(2);

const { databases } = await populate({
  catalog: parcelCatalog,
  databaseModule: pathToFileURL(join(import.meta.dirname, 'parcel-databases.js')).href,
  sources: { ...parcelFiles(folder), users: fileSource(join(folder, 'users.csv')) },
  databaseOptions: (name) => (name === 'parcels' ? { migrationsDirectory } : {}),
  threadRecords: 0,
  batchRecords: 2,
});
process.stdout.write(
  JSON.stringify(Object.entries(databases).map(([name, { inserted, rejected }]) => [name, inserted, rejected])),
);
