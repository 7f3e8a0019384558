/**
 * Run as a process of its own: populates the databases in a folder and kills itself before references are checked, or once
 * one of them has dealt with so many records:
 * `node dist/test/support/killed-populate.js <folder> <file: { database: records or path }> [<database> <records>]`
 * Where the environment has the URL of a database, it is there and not in the folder.
 */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { urlVariable } from '../../src/database/location.ts';
import { fileSource } from '../../src/populate/read/file.ts';
import { locationIn, populateIn } from './databases.ts';
import { regionalCatalog } from './regional-catalog.ts';
import { sourceOf } from './sources.ts';

const [folder = '', sourcesFile = '', fatal, fatalRecords] = process.argv.slice(2);
const sources: Record<string, unknown[] | string> = JSON.parse(readFileSync(sourcesFile, 'utf8'));
const open = new Set(Object.keys(sources));
const kill = () => process.kill(process.pid, 'SIGKILL');

await populateIn(folder, {
  sources: Object.fromEntries(
    Object.entries(sources).map(([name, source]) => [
      name,
      typeof source === 'string' ? fileSource(source) : sourceOf(source),
    ]),
  ),
  catalog: regionalCatalog(...Object.keys(sources)),
  databaseOptions: (name) => (process.env[urlVariable(name)] === undefined ? locationIn(folder, name) : {}),
  onConflict: 'update',
  batchRecords: 2,
  listener: {
    progressed(database, _, read) {
      if (database === fatal && read >= Number(fatalRecords)) {
        kill();
      }
    },
    loaded(database) {
      open.delete(database);
      if (open.size === 0) {
        kill();
      }
    },
  },
});
