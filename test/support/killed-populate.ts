/**
 * Run as a process of its own: populates the databases in a folder and kills itself before references are checked, or once
 * one of them has dealt with so many records:
 * `node dist/test/support/killed-populate.js <folder> <file: { database: records or path }> [<database> <records>]`
 */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { fileSource } from '../../src/populate/read/file.ts';
import { populateIn } from './databases.ts';
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
